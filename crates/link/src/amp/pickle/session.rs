//! Session data between Evennia's dictionaries and [`SessionSync`]. Only the sixteen keys that Evennia
//! syncs are looked at: its own processes set whatever a peer names as an attribute.

use crate::{Flags, SessionId, SessionSync, Time, amp::CodecError};

use super::{PyValue, value::into_map};

/// What Evennia calls the full record: everything but `cmdset_storage_string`, which only its Server has.
pub(super) fn full(sync: &SessionSync) -> PyValue {
    let text = |text: &Option<Box<str>>| text.as_deref().map_or(PyValue::None, PyValue::text);
    let number = |number: Option<u64>| number.map_or(PyValue::None, PyValue::from);
    PyValue::dict([
        ("protocol_key", PyValue::text(&*sync.protocol_key)),
        ("address", PyValue::text(&*sync.address)),
        ("suid", PyValue::None),
        ("sessid", PyValue::from(sync.id.0)),
        ("uid", number(sync.uid)),
        ("csessid", text(&sync.csessid)),
        ("uname", text(&sync.uname)),
        ("logged_in", PyValue::Bool(sync.logged_in)),
        ("puid", number(sync.puid)),
        ("conn_time", time(sync.conn_time)),
        ("cmd_last", time(sync.cmd_last)),
        ("cmd_last_visible", time(sync.cmd_last_visible)),
        ("cmd_total", PyValue::from(sync.cmd_total)),
        ("protocol_flags", flags(&sync.flags)),
        ("server_data", PyValue::from(&sync.server_data)),
    ])
}

/// What Evennia's Portal tells when a handshake is over (`PCONNSYNC`).
pub(super) fn partial(sync: &SessionSync) -> PyValue {
    const KEYS: [&str; 7] =
        ["protocol_key", "address", "sessid", "csessid", "conn_time", "protocol_flags", "server_data"];
    let pairs = full(sync).into_pairs().unwrap_or_default();
    let told = |(key, _): &(PyValue, PyValue)| key.as_str().is_some_and(|key| KEYS.contains(&key));
    PyValue::Dict(pairs.into_iter().filter(told).collect())
}

/// A time as Evennia tells it: Unix seconds.
pub(super) fn time(time: Time) -> PyValue {
    PyValue::Float(time.unix_seconds())
}

/// `protocol_flags`. Sizes have keys of type int, which Evennia's code indexes.
fn flags(flags: &Flags) -> PyValue {
    PyValue::dict(flags.to_map().iter().map(|(name, value)| (name, with_int_keys(value))))
}

/// Flags by name, as [`Flags::to_map`] gives them, with the keys of sizes as Evennia has them.
pub(super) fn changed_flags(changed: &crate::Kwargs) -> PyValue {
    let sized = |name: &str| matches!(name, "SCREENWIDTH" | "SCREENHEIGHT");
    PyValue::dict(changed.iter().map(|(name, value)| match value.as_u64() {
        Some(size) if sized(name) => (name, PyValue::Dict(vec![(PyValue::Int(0), PyValue::from(size))])),
        _ => (name, with_int_keys(value)),
    }))
}

fn with_int_keys(value: &serde_json::Value) -> PyValue {
    let Some(map) = value.as_object() else { return PyValue::from(value) };
    let key = |key: &String| key.parse().map_or_else(|_| PyValue::text(key), PyValue::Int);
    PyValue::Dict(map.iter().map(|(name, value)| (key(name), PyValue::from(value))).collect())
}

/// Whether a record names its session, and so is more than a change of some attributes.
pub(super) fn is_record(data: &PyValue) -> bool {
    matches!(data, PyValue::Dict(pairs) if pairs.iter().any(|(key, _)| key.as_str() == Some("protocol_key")))
}

/// The flags in a record, by name.
pub(super) fn flags_in(data: PyValue) -> crate::Kwargs {
    let pairs = data.into_pairs().unwrap_or_default();
    let found = pairs.into_iter().find(|(key, _)| key.as_str() == Some("protocol_flags"));
    found.and_then(|(_, flags)| flags.into_pairs()).map(into_map).unwrap_or_default()
}

/// Reads a record. What it lacks is as in a session that has just connected; what has a wrong type is passed over.
pub(super) fn read(id: SessionId, data: PyValue) -> Result<SessionSync, CodecError> {
    let pairs = data.into_pairs().ok_or(CodecError::Form("session data is a dict"))?;
    let mut sync = SessionSync::new(id, "", "", Time::default());
    for (key, value) in pairs {
        match key.as_str().unwrap_or_default() {
            "protocol_key" => set_text(&mut sync.protocol_key, &value),
            "address" => set_text(&mut sync.address, &value),
            "uid" => sync.uid = value.as_u64(),
            "csessid" => sync.csessid = value.as_str().map(Into::into),
            "uname" => sync.uname = value.as_str().map(Into::into),
            "logged_in" => sync.logged_in = value.as_bool().unwrap_or(sync.logged_in),
            "puid" => sync.puid = value.as_u64(),
            "conn_time" => set_time(&mut sync.conn_time, &value),
            "cmd_last" => set_time(&mut sync.cmd_last, &value),
            "cmd_last_visible" => set_time(&mut sync.cmd_last_visible, &value),
            "cmd_total" => sync.cmd_total = value.as_u64().unwrap_or(sync.cmd_total),
            "protocol_flags" => {
                sync.flags.apply(&value.into_pairs().map(into_map).unwrap_or_default());
            }
            "server_data" => sync.server_data = value.into_pairs().map(into_map).unwrap_or_default(),
            // suid is never set; sessid is told beside the record; cmdset_storage_string is Evennia's own.
            _ => {}
        }
    }
    Ok(sync)
}

fn set_text(slot: &mut Box<str>, value: &PyValue) {
    // Twisted's addresses are sometimes pairs of host and port.
    let host = match value {
        PyValue::Tuple(items) | PyValue::List(items) => items.first(),
        other => Some(other),
    };
    if let Some(text) = host.and_then(PyValue::as_str) {
        *slot = text.into();
    }
}

fn set_time(slot: &mut Time, value: &PyValue) {
    if let Some(seconds) = value.as_f64() {
        *slot = Time::from_unix_seconds(seconds);
    }
}
