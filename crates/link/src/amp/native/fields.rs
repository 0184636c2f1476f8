//! What the link's messages are made of besides values: sessions with their flags, services, credentials, modes.
//! `message` puts them together.

use crate::{
    ApiMethod, ApiQuestion, Credentials, Flag, Flags, RestartMode, Secret, ServiceState, ServiceStatus,
    ServiceWish, SessionId, SessionSync, amp::CodecError,
};

use super::{Decoder, Encoder};

impl Encoder<'_> {
    pub(super) fn question(&mut self, question: &ApiQuestion) -> Result<(), CodecError> {
        let ApiQuestion { id, name, method, address, login, browser, args } = question;
        self.number(*id);
        self.text(name);
        self.flag(*method == ApiMethod::Post);
        self.text(address);
        self.optional_text(login.as_deref());
        self.text(browser);
        self.map(args)
    }

    pub(super) fn credentials(&mut self, credentials: &Credentials) {
        match credentials {
            Credentials::Password(password) => {
                self.tag(0);
                self.text(&password.0);
            }
            Credentials::PublicKey { algorithm, key } => {
                self.tag(1);
                self.text(algorithm);
                self.text(key);
            }
            Credentials::Session(session) => {
                self.tag(2);
                self.session(*session);
            }
        }
    }

    pub(super) fn mode(&mut self, mode: RestartMode) {
        self.tag(match mode {
            RestartMode::Shutdown => 0,
            RestartMode::Reload => 1,
            RestartMode::Reset => 2,
            RestartMode::Crash => 3,
        });
    }

    pub(super) fn ids(&mut self, sessions: &[SessionId]) {
        self.count(sessions.len());
        sessions.iter().for_each(|session| self.session(*session));
    }

    pub(super) fn acks(&mut self, acks: &[(SessionId, u64)]) {
        self.count(acks.len());
        for (session, seq) in acks {
            self.session(*session);
            self.number(*seq);
        }
    }

    pub(super) fn switch(&mut self, asker: SessionId, name: &str, wish: ServiceWish) {
        self.session(asker);
        self.text(name);
        self.tag(wish as u8);
    }

    pub(super) fn services(&mut self, services: &[ServiceStatus]) {
        self.count(services.len());
        for ServiceStatus { name, kind, address, state } in services {
            self.text(name);
            self.text(kind);
            self.text(address);
            self.tag(*state as u8);
        }
    }

    pub(super) fn sessions(&mut self, sessions: &[SessionSync]) -> Result<(), CodecError> {
        self.count(sessions.len());
        sessions.iter().try_for_each(|sync| self.session_sync(sync))
    }

    pub(super) fn session_sync(&mut self, sync: &SessionSync) -> Result<(), CodecError> {
        self.session(sync.id);
        self.text(&sync.protocol_key);
        self.text(&sync.address);
        self.optional_number(sync.uid);
        self.optional_text(sync.uname.as_deref());
        self.flag(sync.logged_in);
        self.optional_number(sync.puid);
        self.optional_text(sync.csessid.as_deref());
        self.time(sync.conn_time);
        self.time(sync.cmd_last);
        self.time(sync.cmd_last_visible);
        self.number(sync.cmd_total);
        self.flags(&sync.flags);
        self.map(&sync.server_data)
    }

    pub(super) fn flags(&mut self, flags: &Flags) {
        let bit = |(index, (flag, _)): (usize, &(Flag, &str))| u64::from(flags.has(*flag)) << index;
        self.number(Flag::NAMES.iter().enumerate().map(bit).sum());
        self.number(u64::from(flags.screenwidth));
        self.number(u64::from(flags.screenheight));
        self.text(&flags.encoding);
        self.text(&flags.clientname);
        self.text(&flags.term);
    }
}

impl Decoder<'_> {
    pub(super) fn question(&mut self) -> Result<ApiQuestion, CodecError> {
        Ok(ApiQuestion {
            id: self.number()?,
            name: self.text()?.into(),
            method: if self.flag()? { ApiMethod::Post } else { ApiMethod::Get },
            address: self.text()?.into(),
            login: self.optional_text()?.map(Into::into),
            browser: self.text()?.into(),
            args: self.map()?,
        })
    }

    pub(super) fn credentials(&mut self) -> Result<Credentials, CodecError> {
        match self.tag()? {
            0 => Ok(Credentials::Password(Secret(self.text()?.to_owned()))),
            1 => Ok(Credentials::PublicKey { algorithm: self.text()?.into(), key: self.text()?.into() }),
            2 => Ok(Credentials::Session(self.session()?)),
            tag => Err(CodecError::UnknownTag { what: "credentials", tag }),
        }
    }

    pub(super) fn mode(&mut self) -> Result<RestartMode, CodecError> {
        match self.tag()? {
            0 => Ok(RestartMode::Shutdown),
            1 => Ok(RestartMode::Reload),
            2 => Ok(RestartMode::Reset),
            3 => Ok(RestartMode::Crash),
            tag => Err(CodecError::UnknownTag { what: "a restart mode", tag }),
        }
    }

    pub(super) fn acks(&mut self) -> Result<Vec<(SessionId, u64)>, CodecError> {
        self.several(|from| Ok((from.session()?, from.number()?)))
    }

    pub(super) fn switch(&mut self) -> Result<(SessionId, String, ServiceWish), CodecError> {
        let (asker, name, tag) = (self.session()?, self.text()?.to_owned(), self.tag()?);
        let wish = ServiceWish::ALL.get(usize::from(tag)).copied();
        Ok((asker, name, wish.ok_or(CodecError::UnknownTag { what: "a wish for a service", tag })?))
    }

    pub(super) fn service(&mut self) -> Result<ServiceStatus, CodecError> {
        let mut text = || self.text().map(str::to_owned);
        let (name, kind, address) = (text()?, text()?, text()?);
        let tag = self.tag()?;
        let state = ServiceState::ALL.get(usize::from(tag)).copied();
        let state = state.ok_or(CodecError::UnknownTag { what: "the state of a service", tag })?;
        Ok(ServiceStatus { name, kind, address, state })
    }

    pub(super) fn session_sync(&mut self) -> Result<SessionSync, CodecError> {
        Ok(SessionSync {
            id: self.session()?,
            protocol_key: self.text()?.into(),
            address: self.text()?.into(),
            uid: self.optional_number()?,
            uname: self.optional_text()?.map(Into::into),
            logged_in: self.flag()?,
            puid: self.optional_number()?,
            csessid: self.optional_text()?.map(Into::into),
            conn_time: self.time()?,
            cmd_last: self.time()?,
            cmd_last_visible: self.time()?,
            cmd_total: self.number()?,
            flags: self.flags()?,
            server_data: self.map()?,
        })
    }

    pub(super) fn flags(&mut self) -> Result<Flags, CodecError> {
        let mut flags = Flags::default();
        let bits = self.number()?;
        if bits >> Flag::NAMES.len() != 0 {
            return Err(CodecError::OutOfRange("a set of flags"));
        }
        for (index, (flag, _)) in Flag::NAMES.iter().enumerate() {
            flags.set(*flag, bits >> index & 1 == 1);
        }
        let mut size = || u16::try_from(self.number()?).map_err(|_| CodecError::OutOfRange("a window size"));
        flags.screenwidth = size()?;
        flags.screenheight = size()?;
        flags.encoding = self.text()?.into();
        flags.clientname = self.text()?.into();
        flags.term = self.text()?.into();
        Ok(flags)
    }
}
