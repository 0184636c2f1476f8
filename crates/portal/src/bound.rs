//! Listeners that hold their addresses and do not accept yet. The Portal binds all of them before it starts
//! a Server, so that an address that is taken costs nobody a running game, and lets clients in when the
//! Server is ready.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use meadow_protocol::telnet::{Telnet, TelnetSettings};
use tokio::{net::TcpListener, task::JoinHandle};
use tracing::warn;

use crate::{
    IfTaken, PortalConfig, PortalError, SshListen, TlsListen,
    address::Networks,
    api::Api,
    listen::{
        self, Gatekeeper, Wildcard,
        stream::{self, Encryption, MakeProtocol},
        web::{self, WebSettings},
    },
    mssp::Ports,
    service::ServiceRegistry,
    sessionhandler::PortalSessionHandler,
    switchboard::{Owner, Serve, Switchboard},
    tls::Tls,
};
#[cfg(feature = "ssh")]
use crate::{
    host_keys,
    listen::ssh::{self, SshService, SshShared},
};

/// A stream protocol of the game's own.
pub(crate) struct GameStream {
    pub(crate) name: String,
    pub(crate) listen: Vec<SocketAddr>,
    pub(crate) make: MakeProtocol,
    /// A setting may keep it off.
    pub(crate) enabled: bool,
}

/// All listeners of a Portal.
pub(crate) struct Bound {
    streams: Vec<(Listener, MakeProtocol)>,
    ports: Ports,
    web: Vec<Listener>,
    #[cfg(feature = "ssh")]
    ssh: Option<(Vec<Listener>, SshShared)>,
    /// If any of them needs it.
    tls: Option<Tls>,
}

struct Listener {
    service: String,
    owner: Owner,
    address: SocketAddr,
    wildcard: Wildcard,
    /// None while the address is another program's.
    socket: Option<TcpListener>,
    inside_tls: bool,
}

/// What is to listen.
struct Wanted<'a> {
    /// Name of the service. The second address is called `NAME-2`, and so on.
    service: &'a str,
    kind: &'a str,
    /// The setting that names the addresses.
    setting: String,
    addresses: &'a [SocketAddr],
    inside_tls: bool,
    owner: Owner,
    if_taken: IfTaken,
}

impl Bound {
    /// Takes every address.
    ///
    /// # Errors
    /// An address cannot be had, two services want one name, or there is no good certificate.
    pub(crate) fn bind(
        config: &PortalConfig,
        game: Vec<GameStream>,
        registry: &ServiceRegistry,
    ) -> Result<Bound, PortalError> {
        let encrypts = config.tls.is_some() || config.web_tls.is_some();
        let tls = encrypts.then(|| Tls::open(&config.certificate, &config.game_name, &config.data_dir));
        let mut bound = Bound {
            streams: Vec::new(),
            ports: Ports::default(),
            web: Vec::new(),
            #[cfg(feature = "ssh")]
            ssh: None,
            tls: tls.transpose()?,
        };
        if let Some(addresses) = &config.telnet {
            let settings =
                TelnetSettings { start_tls: encrypts && config.start_tls, ..config.telnet_settings.clone() };
            let wanted = Wanted::new("telnet", "stream", addresses);
            bound.ports.telnet = bound.bind_streams(&wanted, make_telnet(settings), registry)?;
        }
        if let Some(listen) = &config.tls {
            let settings = TelnetSettings { encrypted: true, ..config.telnet_settings.clone() };
            let wanted = Wanted::inside_tls("tls", "stream", "tls.listen", listen);
            bound.ports.tls = bound.bind_streams(&wanted, make_telnet(settings), registry)?;
        }
        if let Some(listen) = &config.ssh {
            bound.bind_ssh(listen, config, registry)?;
        }
        for GameStream { name, listen, make, enabled } in game {
            if enabled {
                bound.bind_streams(&Wanted::of_game(&name, &listen), make, registry)?;
            } else {
                registry.add_absent(&name, "stream", String::new())?;
            }
        }
        if let Some(addresses) = &config.web {
            bound.web.extend(Wanted::new("web", "web", addresses).bind(registry)?);
        }
        if let Some(listen) = &config.web_tls {
            bound.web.extend(Wanted::inside_tls("web-tls", "web", "web.tls_listen", listen).bind(registry)?);
        }
        Ok(bound)
    }

    /// The ports of telnet, outside and inside TLS.
    pub(crate) fn ports(&self) -> Ports {
        self.ports.clone()
    }

    /// Lets clients in. What is not a listener is among the tasks that come back.
    pub(crate) async fn serve(
        self,
        config: &PortalConfig,
        handler: &Arc<PortalSessionHandler>,
        registry: &Arc<ServiceRegistry>,
        switchboard: &Switchboard,
        api: Arc<Api>,
    ) -> Vec<JoinHandle<()>> {
        let trusted = Networks::new(&config.trusted_proxies);
        let gatekeeper = |service: &str| Gatekeeper::new(Arc::clone(handler), service, trusted.clone());
        for (listener, make) in self.streams {
            let encryption = match (&self.tls, listener.inside_tls) {
                (Some(tls), true) => Encryption::Always(tls.streams()),
                (Some(tls), false) => Encryption::OnDemand(tls.streams()),
                (None, _) => Encryption::None,
            };
            let service =
                stream::StreamService { gatekeeper: gatekeeper(&listener.service), make, encryption };
            let serve = move |socket| tokio::spawn(stream::serve(socket, service.clone()));
            listener.plug_in(switchboard, Box::new(serve)).await;
        }
        let settings = Arc::new(WebSettings::new(config, registry, handler, api));
        for listener in self.web {
            let tls = self.tls.as_ref().filter(|_| listener.inside_tls).map(Tls::web);
            let (gatekeeper, settings) = (gatekeeper(&listener.service), Arc::clone(&settings));
            let serve = move |socket| {
                let (gatekeeper, settings) = (gatekeeper.clone(), Arc::clone(&settings));
                tokio::spawn(web::serve(socket, gatekeeper, settings, tls.clone()))
            };
            listener.plug_in(switchboard, Box::new(serve)).await;
        }
        #[cfg(feature = "ssh")]
        if let Some((listeners, shared)) = self.ssh {
            for listener in listeners {
                let service = SshService::new(gatekeeper(&listener.service), &shared);
                let serve = move |socket| tokio::spawn(ssh::serve(socket, service.clone()));
                listener.plug_in(switchboard, Box::new(serve)).await;
            }
        }
        self.tls.map(|tls| tokio::spawn(tls.watch())).into_iter().collect()
    }

    #[cfg(feature = "ssh")]
    fn bind_ssh(
        &mut self,
        listen: &SshListen,
        config: &PortalConfig,
        registry: &ServiceRegistry,
    ) -> Result<(), PortalError> {
        let SshListen { addresses, if_taken, guests, terminal } = listen;
        let wanted = Wanted { if_taken: *if_taken, ..Wanted::new("ssh", "stream", addresses) };
        let listeners = wanted.bind(registry)?;
        if listeners.iter().all(|listener| listener.socket.is_none()) {
            // Without a listener there is no reason to make keys.
            return Ok(());
        }
        let keys = host_keys::open(&config.data_dir.join("ssh"))?;
        registry.set_host_keys(host_keys::fingerprints(&keys));
        self.ssh = Some((listeners, SshShared::new(keys, terminal.clone(), *guests)));
        Ok(())
    }

    #[cfg(not(feature = "ssh"))]
    fn bind_ssh(
        &mut self,
        listen: &SshListen,
        _config: &PortalConfig,
        registry: &ServiceRegistry,
    ) -> Result<(), PortalError> {
        warn!("this program is built without SSH");
        let addresses: Vec<String> = listen.addresses.iter().map(SocketAddr::to_string).collect();
        registry.add_absent("ssh", "stream", addresses.join(", "))
    }

    /// Gives back the ports.
    fn bind_streams(
        &mut self,
        wanted: &Wanted<'_>,
        make: MakeProtocol,
        registry: &ServiceRegistry,
    ) -> Result<Vec<u16>, PortalError> {
        let listeners = wanted.bind(registry)?;
        let port = |listener: &Listener| listener.socket.as_ref().map(|_| listener.address.port());
        let ports = listeners.iter().filter_map(port).collect();
        self.streams.extend(listeners.into_iter().map(|listener| (listener, Arc::clone(&make))));
        Ok(ports)
    }
}

fn make_telnet(settings: TelnetSettings) -> MakeProtocol {
    let settings = Arc::new(settings);
    Arc::new(move || Box::new(Telnet::new(Arc::clone(&settings))))
}

impl Listener {
    /// Lets clients in, from now on or once somebody switches it on.
    async fn plug_in(self, switchboard: &Switchboard, serve: Serve) {
        let Listener { service, owner, address, wildcard, socket, inside_tls: _ } = self;
        switchboard.add_listener(service, owner, (address, wildcard), socket, serve).await;
    }
}

impl<'a> Wanted<'a> {
    fn new(service: &'a str, kind: &'a str, addresses: &'a [SocketAddr]) -> Wanted<'a> {
        let setting = format!("{service}.listen");
        let (owner, if_taken) = (Owner::Meadow, IfTaken::Fail);
        Wanted { service, kind, setting, addresses, inside_tls: false, owner, if_taken }
    }

    /// A stream protocol of the game's own; its settings stand together with the others of that kind.
    fn of_game(service: &'a str, addresses: &'a [SocketAddr]) -> Wanted<'a> {
        let setting = format!("services.{service}.listen");
        Wanted { setting, owner: Owner::Game, ..Wanted::new(service, "stream", addresses) }
    }

    fn inside_tls(service: &'a str, kind: &'a str, setting: &str, listen: &'a TlsListen) -> Wanted<'a> {
        let TlsListen { addresses, if_taken } = listen;
        let setting = setting.to_owned();
        Wanted { setting, inside_tls: true, if_taken: *if_taken, ..Wanted::new(service, kind, addresses) }
    }

    fn bind(&self, registry: &ServiceRegistry) -> Result<Vec<Listener>, PortalError> {
        let mut listeners = Vec::new();
        for (at, &address) in self.addresses.iter().enumerate() {
            let name = if at == 0 { self.service.to_owned() } else { format!("{}-{}", self.service, at + 1) };
            let all_v4 = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), address.port());
            let wildcard = match self.addresses.contains(&all_v4) {
                true => Wildcard::V6Only,
                false => Wildcard::Both,
            };
            let socket = listen::bind(address, wildcard);
            match socket.and_then(|socket| Ok((socket.local_addr()?, socket))) {
                Ok((real, socket)) => {
                    registry.add(&name, self.kind, real.to_string())?;
                    listeners.push(self.listener(name, real, wildcard, Some(socket)));
                }
                Err(reason)
                    if reason.kind() == io::ErrorKind::AddrInUse && self.if_taken == IfTaken::GoWithout =>
                {
                    warn!(service = name, %address, setting = self.setting, "its default address is taken; it stays off");
                    registry.add_absent(&name, self.kind, address.to_string())?;
                    listeners.push(self.listener(name, address, wildcard, None));
                }
                Err(reason) => {
                    let (service, setting) = (self.service.to_owned(), self.setting.clone());
                    return Err(PortalError::Bind { service, address, setting, reason });
                }
            }
        }
        Ok(listeners)
    }

    fn listener(
        &self,
        service: String,
        address: SocketAddr,
        wildcard: Wildcard,
        socket: Option<TcpListener>,
    ) -> Listener {
        Listener { service, owner: self.owner, address, wildcard, socket, inside_tls: self.inside_tls }
    }
}
