//! Variables of MSDP as tuples, wherever they came from; and those that a client sets about itself.

use meadow_link::{
    CommandTuple, Flag, Flags, Kwargs,
    oob::{MSDP_COMMANDS, MSDP_CONFIGURABLE},
    tuple,
};
use serde_json::Value;

use super::VARIABLES_LIMIT;
use crate::oob::{NAME_LIMIT, gmcp::tidy_client_name};

/// The tuples of variables in JSON: the package `MSDP` of GMCP, whose body is an object of them. What is past
/// the limits of MSDP is left out.
pub fn from_json(variables: Kwargs) -> Vec<CommandTuple> {
    let mut tuples = Vec::new();
    for (name, value) in variables {
        if !name.is_empty() && name.len() <= NAME_LIMIT && tuples.len() < VARIABLES_LIMIT {
            add(named(&mut tuples, tuple_name(name)), value);
        }
    }
    tuples
}

/// Takes over a variable by which a client says something about itself
/// ([`MSDP_CONFIGURABLE`]). Says whether it was one.
pub fn configure(flags: &mut Flags, variable: &CommandTuple) -> bool {
    let said = match variable.args.last() {
        Some(Value::String(said)) => said.clone(),
        Some(Value::Number(said)) => said.to_string(),
        Some(Value::Bool(on)) => u8::from(*on).to_string(),
        _ => return false,
    };
    let on = match said.trim() {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    };
    match (variable.name.trim().to_ascii_uppercase().as_str(), on) {
        ("CLIENT_NAME", _) => flags.clientname = tidy_client_name(&said).into(),
        ("CLIENT_VERSION", _) => {
            let name = flags.clientname.split(' ').next().unwrap_or_default();
            flags.clientname = tidy_client_name(&format!("{name} {said}")).into();
        }
        ("UTF_8", Some(on)) => flags.set(Flag::Utf8, on),
        // Who shows more colours shows fewer, too.
        ("ANSI_COLORS", Some(false)) => set(flags, &[Flag::Ansi, Flag::Xterm256, Flag::Truecolor], false),
        ("ANSI_COLORS", Some(true)) => set(flags, &[Flag::Ansi], true),
        ("XTERM_256_COLORS", Some(false)) => set(flags, &[Flag::Xterm256, Flag::Truecolor], false),
        ("XTERM_256_COLORS", Some(true)) => set(flags, &[Flag::Ansi, Flag::Xterm256], true),
        (name, _) => return MSDP_CONFIGURABLE.contains(&name),
    }
    true
}

fn set(flags: &mut Flags, which: &[Flag], on: bool) {
    for flag in which {
        flags.set(*flag, on);
    }
}

/// The name of the tuple of a variable: the commands of MSDP have inputfuncs of their own.
pub(super) fn tuple_name(name: String) -> String {
    if MSDP_COMMANDS.iter().any(|command| command.eq_ignore_ascii_case(&name)) {
        format!("msdp_{}", name.to_ascii_lowercase())
    } else {
        name
    }
}

/// The tuple of this name, new if there is none yet.
pub(super) fn named(tuples: &mut Vec<CommandTuple>, name: String) -> &mut CommandTuple {
    let at = tuples.iter().position(|known| known.name == name).unwrap_or_else(|| {
        tuples.push(tuple(name));
        tuples.len() - 1
    });
    &mut tuples[at]
}

/// Adds a value to a variable.
pub(super) fn add(tuple: &mut CommandTuple, value: Value) {
    match value {
        Value::Array(mut items) => tuple.args.append(&mut items),
        Value::Object(map) => tuple.kwargs.extend(map),
        single => tuple.args.push(single),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_read_like_the_wire() {
        let json = json!({"LIST": "COMMANDS", "report": ["HEALTH", "MANA"], "ROOM": {"VNUM": 1}, "": 1});
        let read = from_json(json.as_object().unwrap().clone());
        let expected = [
            tuple("msdp_list").arg("COMMANDS"),
            tuple("msdp_report").arg("HEALTH").arg("MANA"),
            tuple("ROOM").kw("VNUM", 1),
        ];
        assert_eq!(read, expected);
        let many = |count: usize| from_json((0..count).map(|at| (at.to_string(), json!(1))).collect()).len();
        assert_eq!((many(VARIABLES_LIMIT), many(VARIABLES_LIMIT + 1)), (VARIABLES_LIMIT, VARIABLES_LIMIT));
    }

    #[test]
    fn what_a_client_says_about_itself() {
        let mut flags = Flags::default();
        let mut said = |name: &str, value: serde_json::Value| configure(&mut flags, &tuple(name).arg(value));
        assert!(said("client_name", json!("Mud\u{1b}let")) && said("CLIENT_VERSION", json!("4.17")));
        assert!(
            said("XTERM_256_COLORS", json!("1")) && said("UTF_8", json!(0)) && said("UTF_8", json!("maybe"))
        );
        assert!(!said("PLUGIN_ID", json!("x")) && !said("UTF_8", json!(["1"])));
        assert_eq!(&*flags.clientname, "MUDLET 4.17");
        assert!(flags.has(Flag::Xterm256) && flags.has(Flag::Ansi) && !flags.has(Flag::Utf8));
        assert!(configure(&mut flags, &tuple("ANSI_COLORS").arg("0")));
        assert!(!flags.has(Flag::Xterm256) && !flags.has(Flag::Ansi));
    }

    #[test]
    fn every_configurable_variable_is_understood() {
        for name in MSDP_CONFIGURABLE {
            let mut flags = Flags::default();
            flags.set(Flag::Ansi, name != "ANSI_COLORS");
            flags.set(Flag::Utf8, name != "UTF_8");
            let before = flags.clone();
            assert!(configure(&mut flags, &tuple(name).arg("1")), "{name}");
            assert_ne!(flags, before, "{name}");
        }
    }
}
