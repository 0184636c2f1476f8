//! The native form of [`ToServer`] and [`ToPortal`]. Tags are Evennia's operation codes where there is
//! one, so that a trace of the link can be read with its table; Meadow's own begin at 64.

use std::collections::HashMap;

use crate::{
    SessionId, ToPortal, ToServer,
    amp::{CodecError, Command, LinkMessage, pickle, pickle::PyValue},
};

use super::{Decoder, Encoder};

const PCONN: u8 = 1;
const PDISCONN: u8 = 2;
const PSYNC: u8 = 3;
const SLOGIN: u8 = 4;
const SDISCONN: u8 = 5;
const SDISCONNALL: u8 = 6;
const SSYNC: u8 = 8;
const SCONN: u8 = 11;
const PCONNSYNC: u8 = 12;
const PDISCONNALL: u8 = 13;
const SRELOAD: u8 = 14;
const PSHUTD: u8 = 16;
const SSHUTD: u8 = 17;
const SRESET: u8 = 19;
const INPUT: u8 = 64;
const OUTPUT: u8 = 65;
const ACKS: u8 = 66;
const READY: u8 = 67;
const STOP: u8 = 68;
const CONTROL: u8 = 69;
const CONTROL_REPLY: u8 = 70;
const FLAGS: u8 = 71;
const INSPECT: u8 = 72;
const INSPECTED: u8 = 73;
const AUTHENTICATE: u8 = 74;
const AUTHENTICATED: u8 = 75;
const SERVICES: u8 = 76;
const LIST_SERVICES: u8 = 77;
const CENSUS: u8 = 78;
const SWITCH_SERVICE: u8 = 79;
const SWITCHED: u8 = 80;
const API: u8 = 81;
const API_ANSWER: u8 = 82;

impl LinkMessage for ToServer {
    const MSG: Command = Command::MsgPortal2Server;
    const ADMIN: Command = Command::AdminPortal2Server;

    fn command(&self) -> Command {
        if matches!(self, ToServer::Input { .. }) { Self::MSG } else { Self::ADMIN }
    }

    fn encode(&self, to: &mut Encoder<'_>) -> Result<(), CodecError> {
        match self {
            ToServer::Input { session, seq, tuple } => {
                to.tag(INPUT);
                to.session(*session);
                to.number(*seq);
                to.tuple(tuple)?;
            }
            ToServer::Sync { mode, portal_start, sessions } => {
                to.tag(PSYNC);
                to.mode(*mode);
                to.time(*portal_start);
                to.sessions(sessions)?;
            }
            ToServer::Connect(sync) => {
                to.tag(PCONN);
                to.session_sync(sync)?;
            }
            ToServer::Update(sync) => {
                to.tag(PCONNSYNC);
                to.session_sync(sync)?;
            }
            ToServer::Disconnect(session) => {
                to.tag(PDISCONN);
                to.session(*session);
            }
            ToServer::DisconnectAll => to.tag(PDISCONNALL),
            ToServer::Stop(mode) => {
                to.tag(STOP);
                to.mode(*mode);
            }
            ToServer::Control { id, request } => {
                to.tag(CONTROL);
                to.number(*id);
                to.map(request)?;
            }
            ToServer::Authenticate { id, address, name, credentials } => {
                to.tag(AUTHENTICATE);
                to.number(*id);
                to.text(address);
                to.text(name);
                to.credentials(credentials);
            }
            ToServer::Api(question) => {
                to.tag(API);
                to.question(question)?;
            }
            ToServer::Inspected { asker, sessions } => {
                to.tag(INSPECTED);
                to.session(*asker);
                to.count(sessions.len());
                sessions.iter().try_for_each(|session| to.map(session))?;
            }
            ToServer::SwitchService { asker, name, wish } => {
                to.tag(SWITCH_SERVICE);
                to.switch(*asker, name, *wish);
            }
            ToServer::Switched { asker, name, wish, refused } => {
                to.tag(SWITCHED);
                to.switch(*asker, name, *wish);
                to.optional_text(refused.as_deref());
            }
            ToServer::Services { asker, services } => {
                to.tag(SERVICES);
                to.session(*asker);
                to.services(services);
            }
        }
        Ok(())
    }

    fn decode(from: &mut Decoder<'_>) -> Result<ToServer, CodecError> {
        Ok(match from.tag()? {
            INPUT => ToServer::Input { session: from.session()?, seq: from.number()?, tuple: from.tuple()? },
            PSYNC => ToServer::Sync {
                mode: from.mode()?,
                portal_start: from.time()?,
                sessions: from.several(Decoder::session_sync)?,
            },
            PCONN => ToServer::Connect(from.session_sync()?),
            PCONNSYNC => ToServer::Update(from.session_sync()?),
            PDISCONN => ToServer::Disconnect(from.session()?),
            PDISCONNALL => ToServer::DisconnectAll,
            STOP => ToServer::Stop(from.mode()?),
            CONTROL => ToServer::Control { id: from.number()?, request: from.map()? },
            AUTHENTICATE => ToServer::Authenticate {
                id: from.number()?,
                address: from.text()?.into(),
                name: from.text()?.into(),
                credentials: from.credentials()?,
            },
            API => ToServer::Api(from.question()?),
            INSPECTED => {
                ToServer::Inspected { asker: from.session()?, sessions: from.several(Decoder::map)? }
            }
            SWITCH_SERVICE => {
                from.switch().map(|(asker, name, wish)| ToServer::SwitchService { asker, name, wish })?
            }
            SWITCHED => {
                let (asker, name, wish) = from.switch()?;
                let refused = from.optional_text()?.map(str::to_owned);
                ToServer::Switched { asker, name, wish, refused }
            }
            SERVICES => {
                ToServer::Services { asker: from.session()?, services: from.several(Decoder::service)? }
            }
            tag => return Err(CodecError::UnknownTag { what: "a message to the Server", tag }),
        })
    }

    fn to_pickle(&self) -> Result<Vec<PyValue>, CodecError> {
        pickle::to_server_payloads(self)
    }

    fn from_pickle(command: Command, payload: PyValue) -> Result<Vec<ToServer>, CodecError> {
        pickle::to_server_messages(command, payload)
    }

    fn input(&self) -> Option<(SessionId, u64)> {
        match self {
            ToServer::Input { session, seq, .. } => Some((*session, *seq)),
            _ => None,
        }
    }

    fn number_input(&mut self, counts: &mut HashMap<SessionId, u64>) {
        match self {
            ToServer::Input { session, seq, .. } => {
                let count = counts.entry(*session).or_default();
                *count += 1;
                *seq = *count;
            }
            ToServer::Disconnect(session) => {
                counts.remove(session);
            }
            _ => {}
        }
    }
}

impl LinkMessage for ToPortal {
    const MSG: Command = Command::MsgServer2Portal;
    const ADMIN: Command = Command::AdminServer2Portal;

    fn command(&self) -> Command {
        if matches!(self, ToPortal::Output { .. } | ToPortal::Acks(_)) { Self::MSG } else { Self::ADMIN }
    }

    fn encode(&self, to: &mut Encoder<'_>) -> Result<(), CodecError> {
        to.tag(tag(self));
        match self {
            ToPortal::Output { sessions, tuple } => {
                to.ids(sessions);
                to.tuple(tuple)?;
            }
            ToPortal::Acks(acks) | ToPortal::Ready { applied: acks } => to.acks(acks),
            ToPortal::Sync { pid, info } => {
                to.number(u64::from(*pid));
                to.map(info)?;
            }
            ToPortal::Login { session, uid, uname } => {
                to.session(*session);
                to.number(*uid);
                to.text(uname);
            }
            ToPortal::Disconnect { session, reason } => {
                to.session(*session);
                to.text(reason);
            }
            ToPortal::DisconnectAll { reason } => to.text(reason),
            ToPortal::SessionSync { sessions, clean } => {
                to.flag(*clean);
                to.sessions(sessions)?;
            }
            ToPortal::Flags { session, changed } => {
                to.session(*session);
                to.map(changed)?;
            }
            ToPortal::Connect { protocol, config } => {
                to.text(protocol);
                to.map(config)?;
            }
            ToPortal::Reload | ToPortal::Reset | ToPortal::ShutdownServer | ToPortal::Shutdown => {}
            ToPortal::Authenticated { id, account } => {
                to.number(*id);
                to.flag(account.is_some());
                if let Some((uid, uname)) = account {
                    to.number(*uid);
                    to.text(uname);
                }
            }
            ToPortal::ApiAnswer { id, status, body } => {
                to.number(*id);
                to.number(u64::from(*status));
                to.value(body, 0)?;
            }
            ToPortal::Inspect { asker, sessions } => {
                to.session(*asker);
                to.ids(sessions);
            }
            ToPortal::Services(services) => to.services(services),
            ToPortal::ListServices { asker } => to.session(*asker),
            ToPortal::SwitchService { asker, name, wish } => to.switch(*asker, name, *wish),
            ToPortal::Census(counts) => to.map(counts)?,
            ToPortal::ControlReply { id, reply } => {
                to.number(*id);
                to.map(reply)?;
            }
        }
        Ok(())
    }

    fn decode(from: &mut Decoder<'_>) -> Result<ToPortal, CodecError> {
        Ok(match from.tag()? {
            OUTPUT => ToPortal::Output { sessions: from.several(Decoder::session)?, tuple: from.tuple()? },
            ACKS => ToPortal::Acks(from.acks()?),
            PSYNC => ToPortal::Sync {
                pid: u32::try_from(from.number()?).map_err(|_| CodecError::OutOfRange("a process id"))?,
                info: from.map()?,
            },
            READY => ToPortal::Ready { applied: from.acks()? },
            SLOGIN => {
                ToPortal::Login { session: from.session()?, uid: from.number()?, uname: from.text()?.into() }
            }
            SDISCONN => ToPortal::Disconnect { session: from.session()?, reason: from.text()?.to_owned() },
            SDISCONNALL => ToPortal::DisconnectAll { reason: from.text()?.to_owned() },
            SSYNC => {
                let clean = from.flag()?;
                ToPortal::SessionSync { sessions: from.several(Decoder::session_sync)?, clean }
            }
            FLAGS => ToPortal::Flags { session: from.session()?, changed: from.map()? },
            SCONN => ToPortal::Connect { protocol: from.text()?.to_owned(), config: from.map()? },
            SRELOAD => ToPortal::Reload,
            SRESET => ToPortal::Reset,
            SSHUTD => ToPortal::ShutdownServer,
            PSHUTD => ToPortal::Shutdown,
            AUTHENTICATED => {
                let id = from.number()?;
                let account = match from.flag()? {
                    true => Some((from.number()?, from.text()?.into())),
                    false => None,
                };
                ToPortal::Authenticated { id, account }
            }
            API_ANSWER => ToPortal::ApiAnswer {
                id: from.number()?,
                status: u16::try_from(from.number()?).map_err(|_| CodecError::OutOfRange("a status"))?,
                body: from.value(0)?,
            },
            INSPECT => {
                ToPortal::Inspect { asker: from.session()?, sessions: from.several(Decoder::session)? }
            }
            SERVICES => ToPortal::Services(from.several(Decoder::service)?),
            LIST_SERVICES => ToPortal::ListServices { asker: from.session()? },
            SWITCH_SERVICE => {
                from.switch().map(|(asker, name, wish)| ToPortal::SwitchService { asker, name, wish })?
            }
            CENSUS => ToPortal::Census(from.map()?),
            CONTROL_REPLY => ToPortal::ControlReply { id: from.number()?, reply: from.map()? },
            tag => return Err(CodecError::UnknownTag { what: "a message to the Portal", tag }),
        })
    }

    fn to_pickle(&self) -> Result<Vec<PyValue>, CodecError> {
        pickle::to_portal_payloads(self)
    }

    fn from_pickle(command: Command, payload: PyValue) -> Result<Vec<ToPortal>, CodecError> {
        pickle::to_portal_messages(command, payload)
    }
}

fn tag(message: &ToPortal) -> u8 {
    match message {
        ToPortal::Output { .. } => OUTPUT,
        ToPortal::Acks(_) => ACKS,
        ToPortal::Sync { .. } => PSYNC,
        ToPortal::Ready { .. } => READY,
        ToPortal::Login { .. } => SLOGIN,
        ToPortal::Disconnect { .. } => SDISCONN,
        ToPortal::DisconnectAll { .. } => SDISCONNALL,
        ToPortal::SessionSync { .. } => SSYNC,
        ToPortal::Flags { .. } => FLAGS,
        ToPortal::Connect { .. } => SCONN,
        ToPortal::Reload => SRELOAD,
        ToPortal::Reset => SRESET,
        ToPortal::ShutdownServer => SSHUTD,
        ToPortal::Shutdown => PSHUTD,
        ToPortal::Authenticated { .. } => AUTHENTICATED,
        ToPortal::ApiAnswer { .. } => API_ANSWER,
        ToPortal::Inspect { .. } => INSPECT,
        ToPortal::Services(_) => SERVICES,
        ToPortal::ListServices { .. } => LIST_SERVICES,
        ToPortal::SwitchService { .. } => SWITCH_SERVICE,
        ToPortal::Census(_) => CENSUS,
        ToPortal::ControlReply { .. } => CONTROL_REPLY,
    }
}
