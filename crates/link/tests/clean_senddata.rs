//! Every case of Evennia's `clean_senddata`, as its own code answers them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use meadow_link::{CleanError, CommandTuple, Kwargs, clean_senddata};
use serde_json::{Value, json};

/// Cases that are about something else than this function, by their input.
fn is_elsewhere(case: &Value) -> Option<&'static str> {
    if case.get("funcparser_enabled").is_some() {
        return Some("inline functions are the game's, and run before");
    }
    if case["in"] == json!({"oob": {"$float": "nan"}}) {
        return Some("JSON has no NaN: a value that is only that is null, which says nothing");
    }
    if case["in"] == json!({"text": {"$bytes": "636166e9"}}) && case.get("encoding").is_none() {
        return Some(
            "text that cannot be decoded is the Protocol's to refuse; here it would be an empty text",
        );
    }
    None
}

/// What a JSON value cannot say, as the edge would hand it in.
fn from_python(value: &Value, latin1: bool) -> Value {
    let from_python = |value| from_python(value, latin1);
    let Value::Object(map) = value else {
        let Value::Array(items) = value else { return value.clone() };
        return items.iter().map(from_python).collect();
    };
    let Some((key, inner)) = map.iter().next().filter(|(key, _)| key.starts_with('$')) else {
        return Value::Object(map.iter().map(|(key, value)| (key.clone(), from_python(value))).collect());
    };
    match (key.as_str(), inner) {
        ("$tuple" | "$set" | "$generator", items) => from_python(items),
        ("$float", _) => Value::Null,
        ("$bytes", Value::String(hex)) => Value::String(decoded(hex, latin1)),
        ("$dict", Value::Array(pairs)) => {
            let text = |key: &Value| key.as_str().map_or_else(|| key.to_string(), str::to_owned);
            pairs.iter().map(|pair| (text(&pair[0]), from_python(&pair[1]))).collect::<Kwargs>().into()
        }
        ("$repr", Value::String(text)) if text == "range(0, 3)" => json!([0, 1, 2]),
        ("$repr", text) => text.clone(),
        other => panic!("no rule for {other:?}"),
    }
}

/// Bytes as a Protocol decodes them: Latin-1 where the client said so, else UTF-8, and nothing where that fails.
fn decoded(hex: &str, latin1: bool) -> String {
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    if latin1 {
        bytes.into_iter().map(char::from).collect()
    } else {
        String::from_utf8(bytes).unwrap_or_default()
    }
}

fn expected(case: &Value) -> Option<Vec<CommandTuple>> {
    let out = case.get("standard").filter(|standard| !standard.is_null()).unwrap_or(&case["out"]);
    let tuple = |name: &Value| {
        let parts = from_python(&out[name.as_str().unwrap()], false);
        let mut kwargs = parts[1].as_object().unwrap().clone();
        // No options are no key at all.
        if kwargs.get("options") == Some(&json!({})) {
            kwargs.shift_remove("options");
        }
        CommandTuple {
            name: name.as_str().unwrap().to_owned(),
            args: parts[0].as_array().unwrap().clone(),
            kwargs,
        }
    };
    Some(case["out_order"].as_array()?.iter().map(tuple).collect())
}

#[test]
fn every_case_of_evennia() {
    let file: Value = serde_json::from_str(include_str!("vectors/clean_senddata.json")).unwrap();
    let mut elsewhere = 0;
    for case in file["vectors"].as_array().unwrap() {
        if is_elsewhere(case).is_some() {
            elsewhere += 1;
            continue;
        }
        let given = from_python(&case["in"], case["encoding"] == "latin-1").as_object().unwrap().clone();
        match expected(case) {
            Some(expected) => assert_eq!(clean_senddata(given), Ok(expected), "{case}"),
            None => assert_eq!(clean_senddata(given), Err(CleanError::Options), "{case}"),
        }
    }
    assert_eq!(elsewhere, 7);
}
