//! The link's messages as Evennia's processes tell them: `(sessid, {"operation": code, ...})` in admin
//! boxes, `(sessid, {name: [args, kwargs], ...})` in the others.
//!
//! Evennia has no word for `Ready` and `Acks` (its answers to boxes take their place) and none for the
//! launcher's questions to the Server.

use serde_json::Value;

use crate::{
    CommandTuple, Kwargs, RestartMode, SessionId, Time, ToPortal, ToServer,
    amp::{CodecError, Command, Status},
};

use super::{PyValue, session, value::into_map};

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

/// "No session": Evennia's dummy session.
const NOBODY: SessionId = SessionId(0);

/// What Evennia's Server is told.
pub(in crate::amp) fn to_server_payloads(message: &ToServer) -> Result<Vec<PyValue>, CodecError> {
    let payload = match message {
        ToServer::Sync { mode, portal_start, sessions } => {
            let record = |sync: &crate::SessionSync| (PyValue::from(sync.id.0), session::full(sync));
            let kwargs = [
                ("server_restart_mode", mode_name(*mode)),
                ("sessiondata", PyValue::Dict(sessions.iter().map(record).collect())),
                ("portal_start_time", session::time(*portal_start)),
            ];
            admin(NOBODY, PSYNC, kwargs)
        }
        ToServer::Connect(sync) => admin(sync.id, PCONN, [("sessiondata", session::full(sync))]),
        ToServer::Update(sync) => admin(sync.id, PCONNSYNC, [("sessiondata", session::partial(sync))]),
        ToServer::Disconnect(session) => admin(*session, PDISCONN, []),
        ToServer::DisconnectAll => admin(NOBODY, PDISCONNALL, []),
        ToServer::Input { session, tuple, .. } => msg(*session, tuple),
        ToServer::Stop(mode) => {
            let code = match mode {
                RestartMode::Shutdown => SSHUTD,
                RestartMode::Reload | RestartMode::Crash => SRELOAD,
                RestartMode::Reset => SRESET,
            };
            admin(NOBODY, code, [("server_restart_mode", mode_name(*mode))])
        }
        ToServer::Authenticate { .. } => {
            return Err(CodecError::NoPickleForm("a question about an account"));
        }
        ToServer::Api(_) => return Err(CodecError::NoPickleForm("a question of a page")),
        ToServer::Inspected { .. } => {
            return Err(CodecError::NoPickleForm("what a Portal knows of a session"));
        }
        ToServer::SwitchService { .. } | ToServer::Switched { .. } => {
            return Err(CodecError::NoPickleForm("the switch of a service"));
        }
        ToServer::Services { .. } => return Err(CodecError::NoPickleForm("a list of services")),
        ToServer::Control { .. } => return Err(CodecError::NoPickleForm("a question of the launcher")),
    };
    Ok(vec![payload])
}

/// What Evennia's Portal is told.
pub(in crate::amp) fn to_portal_payloads(message: &ToPortal) -> Result<Vec<PyValue>, CodecError> {
    let payload = match message {
        ToPortal::Sync { pid, info } => {
            let kwargs = [("spid", PyValue::from(u64::from(*pid))), ("info_dict", PyValue::from(info))];
            admin(NOBODY, PSYNC, kwargs)
        }
        ToPortal::Login { session, uid, uname } => {
            let mut data = vec![("logged_in", PyValue::Bool(true)), ("uid", PyValue::from(*uid))];
            if !uname.is_empty() {
                data.push(("uname", PyValue::text(&**uname)));
            }
            admin(*session, SLOGIN, [("sessiondata", PyValue::dict(data))])
        }
        ToPortal::Disconnect { session, reason } => {
            admin(*session, SDISCONN, [("reason", PyValue::text(reason))])
        }
        ToPortal::DisconnectAll { reason } => admin(NOBODY, SDISCONNALL, [("reason", PyValue::text(reason))]),
        ToPortal::SessionSync { sessions, clean } => {
            let record = |sync: &crate::SessionSync| (PyValue::from(sync.id.0), session::full(sync));
            let data = PyValue::Dict(sessions.iter().map(record).collect());
            admin(NOBODY, SSYNC, [("sessiondata", data), ("clean", PyValue::Bool(*clean))])
        }
        ToPortal::Flags { session, changed } => {
            let change = PyValue::dict([("protocol_flags", session::changed_flags(changed))]);
            let data = PyValue::Dict(vec![(PyValue::from(session.0), change)]);
            admin(NOBODY, SSYNC, [("sessiondata", data), ("clean", PyValue::Bool(false))])
        }
        ToPortal::Connect { protocol, config } => {
            let kwargs = [("protocol_path", PyValue::text(protocol)), ("config", PyValue::from(config))];
            admin(NOBODY, SCONN, kwargs)
        }
        ToPortal::Output { sessions, tuple } => {
            return Ok(sessions.iter().map(|session| msg(*session, tuple)).collect());
        }
        ToPortal::Reload => admin(NOBODY, SRELOAD, []),
        ToPortal::Reset => admin(NOBODY, SRESET, []),
        ToPortal::ShutdownServer => admin(NOBODY, SSHUTD, []),
        ToPortal::Shutdown => admin(NOBODY, PSHUTD, []),
        ToPortal::Ready { .. } | ToPortal::Acks(_) | ToPortal::Services(_) | ToPortal::Census(_) => {
            return Ok(Vec::new());
        }
        ToPortal::SwitchService { .. } => return Err(CodecError::NoPickleForm("the switch of a service")),
        ToPortal::ListServices { .. } => return Err(CodecError::NoPickleForm("a question about services")),
        ToPortal::Authenticated { .. } => {
            return Err(CodecError::NoPickleForm("an answer about an account"));
        }
        ToPortal::ApiAnswer { .. } => return Err(CodecError::NoPickleForm("an answer to a page")),
        ToPortal::Inspect { .. } => return Err(CodecError::NoPickleForm("a question about a session")),
        ToPortal::ControlReply { .. } => return Err(CodecError::NoPickleForm("an answer to the launcher")),
    };
    Ok(vec![payload])
}

/// Reads what Evennia's Portal says.
pub(in crate::amp) fn to_server_messages(
    command: Command,
    payload: PyValue,
) -> Result<Vec<ToServer>, CodecError> {
    let (session, kwargs) = open(payload)?;
    if command == Command::MsgPortal2Server {
        let tuples = tuples(kwargs)?.into_iter();
        return Ok(tuples.map(|tuple| ToServer::Input { session, seq: 0, tuple }).collect());
    }
    let mut kwargs = Admin::new(kwargs)?;
    let message = match kwargs.code {
        PCONN => ToServer::Connect(session::read(session, kwargs.take("sessiondata"))?),
        PCONNSYNC => ToServer::Update(session::read(session, kwargs.take("sessiondata"))?),
        PDISCONN => ToServer::Disconnect(session),
        PDISCONNALL => ToServer::DisconnectAll,
        PSYNC => ToServer::Sync {
            mode: read_mode(&kwargs.take("server_restart_mode")),
            portal_start: Time::from_unix_seconds(
                kwargs.take("portal_start_time").as_f64().unwrap_or_default(),
            ),
            sessions: records(kwargs.take("sessiondata"))?
                .into_iter()
                .map(|(id, data)| session::read(id, data))
                .collect::<Result<_, _>>()?,
        },
        SRELOAD => ToServer::Stop(RestartMode::Reload),
        SRESET => ToServer::Stop(RestartMode::Reset),
        SSHUTD => ToServer::Stop(RestartMode::Shutdown),
        code => return Err(CodecError::UnknownOperation(code.into())),
    };
    Ok(vec![message])
}

/// Reads what Evennia's Server says. Its `PSYNC` is also its readiness: it opened its database before.
pub(in crate::amp) fn to_portal_messages(
    command: Command,
    payload: PyValue,
) -> Result<Vec<ToPortal>, CodecError> {
    let (session, kwargs) = open(payload)?;
    if command == Command::MsgServer2Portal {
        let tuples = tuples(kwargs)?.into_iter();
        return Ok(tuples.map(|tuple| ToPortal::Output { sessions: vec![session], tuple }).collect());
    }
    let mut kwargs = Admin::new(kwargs)?;
    let message = match kwargs.code {
        PSYNC => {
            let pid = kwargs.take("spid").as_u64().and_then(|pid| u32::try_from(pid).ok());
            let pid = pid.ok_or(CodecError::Form("spid is a process id"))?;
            let sync = ToPortal::Sync { pid, info: kwargs.map("info_dict") };
            return Ok(vec![sync, ToPortal::Ready { applied: Vec::new() }]);
        }
        SLOGIN => {
            let data = session::read(session, kwargs.take("sessiondata"))?;
            let uid = data.uid.ok_or(CodecError::Form("a login tells the uid"))?;
            ToPortal::Login { session, uid, uname: data.uname.unwrap_or_default() }
        }
        SDISCONN => ToPortal::Disconnect { session, reason: kwargs.text("reason") },
        SDISCONNALL => ToPortal::DisconnectAll { reason: kwargs.text("reason") },
        SSYNC => return session_sync(kwargs),
        SCONN => ToPortal::Connect { protocol: kwargs.text("protocol_path"), config: kwargs.map("config") },
        SRELOAD => ToPortal::Reload,
        SRESET => ToPortal::Reset,
        SSHUTD => ToPortal::ShutdownServer,
        PSHUTD => ToPortal::Shutdown,
        code => return Err(CodecError::UnknownOperation(code.into())),
    };
    Ok(vec![message])
}

/// The status tuple that Evennia's launcher reads.
pub(in crate::amp) fn status(status: &Status) -> PyValue {
    let pid = |pid: u32| PyValue::from(u64::from(pid));
    PyValue::Tuple(vec![
        PyValue::Bool(true),
        PyValue::Bool(status.server_connected),
        pid(status.portal_pid),
        status.server_pid.map_or(PyValue::None, pid),
        PyValue::from(&status.portal_info),
        PyValue::from(&status.server_info),
    ])
}

/// `SSYNC` holds records of sessions, or only what has changed of them, which is their flags.
fn session_sync(mut kwargs: Admin) -> Result<Vec<ToPortal>, CodecError> {
    let (full, partial): (Vec<_>, Vec<_>) =
        records(kwargs.take("sessiondata"))?.into_iter().partition(|(_, data)| session::is_record(data));
    // Evennia's default is True. Where some sessions are told in part, those are not to be closed.
    let clean = kwargs.take("clean").as_bool().unwrap_or(true) && partial.is_empty();
    let mut messages = Vec::new();
    if partial.is_empty() || !full.is_empty() {
        let sessions =
            full.into_iter().map(|(id, data)| session::read(id, data)).collect::<Result<_, _>>()?;
        messages.push(ToPortal::SessionSync { sessions, clean });
    }
    let flags = |(session, data)| ToPortal::Flags { session, changed: session::flags_in(data) };
    messages.extend(partial.into_iter().map(flags));
    Ok(messages)
}

fn admin<const N: usize>(session: SessionId, code: u8, kwargs: [(&str, PyValue); N]) -> PyValue {
    let operation = ("operation", PyValue::text(char::from(code)));
    PyValue::Tuple(vec![PyValue::from(session.0), PyValue::dict([operation].into_iter().chain(kwargs))])
}

/// A commandtuple for one session. Evennia's processes index `options`, so it is always there.
fn msg(session: SessionId, tuple: &CommandTuple) -> PyValue {
    let args = PyValue::List(tuple.args.iter().map(PyValue::from).collect());
    let mut kwargs: Vec<_> =
        tuple.kwargs.iter().map(|(key, value)| (key.as_str(), PyValue::from(value))).collect();
    if !tuple.kwargs.contains_key("options") {
        kwargs.push(("options", PyValue::Dict(Vec::new())));
    }
    let command = PyValue::List(vec![args, PyValue::dict(kwargs)]);
    PyValue::Tuple(vec![PyValue::from(session.0), PyValue::dict([(tuple.name.as_str(), command)])])
}

type Pairs = Vec<(PyValue, PyValue)>;

/// Takes `(sessid, kwargs)` apart.
fn open(payload: PyValue) -> Result<(SessionId, Pairs), CodecError> {
    const WRONG: CodecError = CodecError::Form("a payload is (sessid, dict)");
    let items: [PyValue; 2] = payload.into_items().and_then(|items| items.try_into().ok()).ok_or(WRONG)?;
    let [session, kwargs] = items;
    Ok((SessionId(session.as_u64().ok_or(WRONG)?), kwargs.into_pairs().ok_or(WRONG)?))
}

/// The commandtuples of a payload. The empty `options` that Evennia always sends are left out.
fn tuples(kwargs: Pairs) -> Result<Vec<CommandTuple>, CodecError> {
    const WRONG: CodecError = CodecError::Form("a command is name: [args, kwargs]");
    let read = |(name, value): (PyValue, PyValue)| {
        let items: [PyValue; 2] = value.into_items().and_then(|items| items.try_into().ok()).ok_or(WRONG)?;
        let [args, kwargs] = items;
        let name = name.as_str().ok_or(WRONG)?.to_owned();
        let args = args.into_items().ok_or(WRONG)?.into_iter().map(PyValue::into_json).collect();
        let mut kwargs = into_map(kwargs.into_pairs().ok_or(WRONG)?);
        if matches!(kwargs.get("options"), Some(Value::Object(options)) if options.is_empty()) {
            kwargs.shift_remove("options");
        }
        Ok(CommandTuple { name, args, kwargs })
    };
    kwargs.into_iter().map(read).collect()
}

/// The sessions of a `sessiondata`.
fn records(data: PyValue) -> Result<Vec<(SessionId, PyValue)>, CodecError> {
    const WRONG: CodecError = CodecError::Form("sessiondata is a dict of sessions");
    let pairs = data.into_pairs().ok_or(WRONG)?.into_iter();
    pairs.map(|(id, data)| Ok((SessionId(id.as_u64().ok_or(WRONG)?), data))).collect()
}

fn mode_name(mode: RestartMode) -> PyValue {
    PyValue::text(match mode {
        RestartMode::Shutdown => "shutdown",
        RestartMode::Reset => "reset",
        // Evennia knows no crash; what its Server does after a reload is what is wanted.
        RestartMode::Reload | RestartMode::Crash => "reload",
    })
}

/// Evennia's Portal says `None` to a Server that only lost its connection: to players that is a reload.
fn read_mode(mode: &PyValue) -> RestartMode {
    match mode.as_str() {
        Some("shutdown") => RestartMode::Shutdown,
        Some("reset") => RestartMode::Reset,
        _ => RestartMode::Reload,
    }
}

/// The keywords of an admin payload.
struct Admin {
    code: u8,
    pairs: Pairs,
}

impl Admin {
    fn new(pairs: Pairs) -> Result<Admin, CodecError> {
        let mut kwargs = Admin { code: 0, pairs };
        let operation = kwargs.text("operation");
        let mut chars = operation.chars();
        let (Some(code), None) = (chars.next(), chars.next()) else {
            return Err(CodecError::Form("an operation is one character"));
        };
        let code = u32::from(code);
        kwargs.code = u8::try_from(code).map_err(|_| CodecError::UnknownOperation(code))?;
        Ok(kwargs)
    }

    /// The value of a keyword, or `None` as Evennia's receivers take it.
    fn take(&mut self, name: &str) -> PyValue {
        match self.pairs.iter().rposition(|(key, _)| key.as_str() == Some(name)) {
            Some(at) => self.pairs.swap_remove(at).1,
            None => PyValue::None,
        }
    }

    fn text(&mut self, name: &str) -> String {
        match self.take(name) {
            PyValue::Str(text) | PyValue::Opaque(text) => text,
            _ => String::new(),
        }
    }

    fn map(&mut self, name: &str) -> Kwargs {
        self.take(name).into_pairs().map(into_map).unwrap_or_default()
    }
}
