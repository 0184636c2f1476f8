//! MSDP as the specification has it. All recorded cases of Evennia are told; what it does wrong is compared with
//! what is right, and cases that are not compared are named with the reason.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of these tests for code of the program")]

mod vectors;

use meadow_protocol::oob::msdp::{decode, encode};
use serde_json::{Value, json};

/// Arguments that are not compared.
const EXCEPTIONS: &[(&str, &str)] = &[
    (r#"[{"$float":"nan"}]"#, "a tuple holds no NaN; null is an empty value"),
    (r#"[{"$bytes":"6279746573"}]"#, "a tuple holds no bytes"),
    (r#"[{"$set":[1]}]"#, "a tuple holds no set"),
];

#[test]
fn encoding() {
    let (mut failures, mut left_out) = (Vec::new(), Vec::new());
    let cases = vectors::cases(include_str!("vectors/msdp_encode.json"));
    for case in &cases {
        let input = &case["in"];
        let args = input["args"].to_string();
        if EXCEPTIONS.iter().any(|(known, _)| args == *known) {
            left_out.push(input);
            continue;
        }
        let got = vectors::given(input).and_then(|tuple| encode(&tuple).ok());
        match case.get("standard") {
            // Arguments and keywords have no single right form; ours is the test after this one.
            Some(Value::Null) => assert!(got.is_some()),
            standard => {
                let expected = standard.or(case.get("wire_standard").map(|_| &case["out"]));
                let expected = expected.map_or_else(|| vectors::payload(&case["wire"]), vectors::unhex);
                if got != expected {
                    failures.push(format!("{input}: {got:02x?} instead of {expected:02x?}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len(), failures.join("\n"));
    assert_eq!(left_out.len(), EXCEPTIONS.len());
}

#[test]
fn arguments_and_keywords_are_one_array() {
    let both = json!({"cmd": "HP", "args": [1, 2], "kwargs": {"max": 3}});
    let message = encode(&vectors::given(&both).unwrap()).unwrap();
    assert_eq!(message, b"\x01HP\x02\x05\x021\x022\x02\x03\x01max\x023\x04\x06");
}

#[test]
fn decoding() {
    let mut failures = Vec::new();
    let cases = vectors::cases(include_str!("vectors/msdp_decode.json"));
    for case in &cases {
        let expected = case.get("standard").unwrap_or(&case["out"]).clone();
        let message = vectors::unhex(&case["in"]).unwrap();
        let got = decode(&message).map_or(Value::Null, vectors::made);
        if got != expected {
            failures.push(format!("{message:02x?}: {got} instead of {expected}"));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len(), failures.join("\n"));
}
