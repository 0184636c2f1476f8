//! The unpickler against `serde-pickle` as oracle, and against pickles that mean harm.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use meadow_link::amp::pickle::{
    MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_VALUES, PickleError, PyValue, decode, encode,
};
use proptest::prelude::*;

fn py_value() -> impl Strategy<Value = PyValue> {
    let leaf = prop_oneof![
        Just(PyValue::None),
        any::<bool>().prop_map(PyValue::Bool),
        any::<i64>().prop_map(PyValue::Int),
        (-300..300_i64).prop_map(PyValue::Int),
        any::<u64>().prop_map(PyValue::from),
        prop::num::f64::NORMAL.prop_map(PyValue::Float),
        ".{0,12}".prop_map(PyValue::Str),
        prop::collection::vec(any::<u8>(), 0..9).prop_map(PyValue::Bytes),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        let items = || prop::collection::vec(inner.clone(), 0..5);
        prop_oneof![
            items().prop_map(PyValue::List),
            items().prop_map(PyValue::Tuple),
            prop::collection::vec((".{0,6}".prop_map(PyValue::Str), inner.clone()), 0..4)
                .prop_map(PyValue::Dict),
        ]
    })
}

/// The value as the oracle has it: its dicts are sorted.
fn oracle(value: &PyValue) -> serde_pickle::Value {
    use serde_pickle::{HashableValue, Value};
    let items = |items: &[PyValue]| items.iter().map(oracle).collect();
    match value {
        PyValue::None => Value::None,
        PyValue::Bool(on) => Value::Bool(*on),
        PyValue::Int(number) => Value::I64(*number),
        PyValue::BigInt(bytes) => {
            let bytes: [u8; 8] = bytes[..8].try_into().unwrap();
            Value::Int(u64::from_le_bytes(bytes).into())
        }
        PyValue::Float(number) => Value::F64(*number),
        PyValue::Str(text) => Value::String(text.clone()),
        PyValue::Bytes(bytes) => Value::Bytes(bytes.clone()),
        PyValue::List(list) => Value::List(items(list)),
        PyValue::Tuple(list) => Value::Tuple(items(list)),
        PyValue::Dict(pairs) => Value::Dict(
            pairs
                .iter()
                .map(|(key, value)| (HashableValue::String(key.as_str().unwrap().to_owned()), oracle(value)))
                .collect(),
        ),
        PyValue::Set(_) | PyValue::Opaque(_) => unreachable!("not made by the strategy"),
    }
}

/// With the dicts sorted and the later of equal keys kept, as the oracle writes them.
fn sorted(value: PyValue) -> PyValue {
    match value {
        PyValue::List(items) => PyValue::List(items.into_iter().map(sorted).collect()),
        PyValue::Tuple(items) => PyValue::Tuple(items.into_iter().map(sorted).collect()),
        PyValue::Dict(pairs) => {
            let sorted: std::collections::BTreeMap<String, PyValue> = pairs
                .into_iter()
                .map(|(key, value)| (key.as_str().unwrap().to_owned(), sorted(value)))
                .collect();
            PyValue::dict(sorted)
        }
        other => other,
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(value in py_value()) {
        prop_assert_eq!(decode(&encode(&value).unwrap()), Ok(value));
    }

    #[test]
    fn the_oracle_reads_what_is_written(value in py_value()) {
        let theirs = serde_pickle::value_from_slice(&encode(&value).unwrap(), serde_pickle::DeOptions::new());
        prop_assert_eq!(theirs.unwrap(), oracle(&value));
    }

    #[test]
    fn what_the_oracle_writes_is_read(value in py_value(), python2 in any::<bool>()) {
        let options = if python2 { serde_pickle::SerOptions::new().proto_v2() } else { serde_pickle::SerOptions::new() };
        let theirs = serde_pickle::value_to_vec(&oracle(&value), options).unwrap();
        // Protocol 2 has no bytes; the oracle writes the strings of Python 2, which may look like text.
        let has_bytes = format!("{value:?}").contains("Bytes(");
        prop_assume!(!(python2 && has_bytes));
        prop_assert_eq!(decode(&theirs), Ok(sorted(value)));
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn a_pickle_cut_off_or_changed_never_panics(value in py_value(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = encode(&value).unwrap();
        for cut in 0..bytes.len() {
            prop_assert!(decode(&bytes[..cut]).is_err());
        }
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = decode(&bytes);
    }
}

fn text(text: &str) -> PyValue {
    PyValue::text(text)
}

#[test]
fn the_lines_of_protocol_0() {
    // {'a': [1, True, None, 2.5, 12345678901234567890L, u'\u20ac', 'x\n']} as Python 2 writes it.
    let bytes =
        b"(dp0\nS'a'\np1\n(lp2\nI1\naI01\naNaF2.5\naL12345678901234567890L\naV\\u20ac\np3\naS'x\\n'\np4\nas.";
    let items = vec![
        PyValue::Int(1),
        PyValue::Bool(true),
        PyValue::None,
        PyValue::Float(2.5),
        PyValue::from(12_345_678_901_234_567_890_u64),
        text("€"),
        text("x\n"),
    ];
    let found = decode(bytes).unwrap();
    let PyValue::Dict(pairs) = found else { panic!("{found:?}") };
    let [(key, PyValue::List(list))] = &pairs[..] else { panic!("{pairs:?}") };
    assert_eq!((key, list.len()), (&text("a"), items.len()));
    for (found, expected) in list.iter().zip(&items) {
        assert_eq!(found.clone().into_json(), expected.clone().into_json());
    }
}

#[test]
fn the_opcodes_of_later_protocols() {
    let cases: [(&[u8], PyValue); 10] = [
        (b"\x80\x04\x8f\x94(K\x01\x90.", PyValue::Set(vec![PyValue::Int(1)])),
        (b"\x80\x04(K\x01\x91\x94.", PyValue::Set(vec![PyValue::Int(1)])),
        (b"\x80\x05\x96\x02\0\0\0\0\0\0\0hi.", PyValue::Bytes(b"hi".to_vec())),
        (b"\x80\x04\x8d\x02\0\0\0\0\0\0\0hi.", text("hi")),
        (b"\x80\x02]q\0h\0.", PyValue::List(vec![])),
        (b"\x80\x02K\x01K\x02K\x03\x87.", PyValue::Tuple((1..4).map(PyValue::Int).collect())),
        (b"\x80\x02\x8a\x01\xff.", PyValue::Int(-1)),
        (b"\x80\x02\x8b\x03\0\0\0\0\0\x01.", PyValue::Int(65_536)),
        (b"X\x03\0\0\0\xed\xa0\x80.", text("\u{fffd}\u{fffd}\u{fffd}")),
        (b"(K\x01K\x022t1K\x07.", PyValue::Int(7)),
    ];
    for (bytes, expected) in &cases[..9] {
        assert_eq!(decode(bytes).as_ref(), Ok(expected), "{}", bytes.escape_ascii());
    }
    // POP_MARK without a mark is an error, with one it drops what is above.
    assert_eq!(decode(cases[9].0), Err(PickleError::Stack(b'1')));
    assert_eq!(decode(b"(K\x01K\x022t(K\x051."), decode(b"(K\x01K\x02K\x02t."));
}

#[test]
fn a_list_that_is_filled_after_it_was_remembered_is_one_list() {
    // a = []; [a, a] with a filled between: both are filled.
    let bytes = b"\x80\x04(]\x94h\x00K\x01a0h\x00t.";
    let one = PyValue::List(vec![PyValue::Int(1)]);
    assert_eq!(decode(bytes), Ok(PyValue::Tuple(vec![one.clone(), one])));
}

#[test]
fn what_names_a_class_becomes_a_placeholder_and_runs_nothing() {
    let system = "<os.system>";
    let cases: [(&[u8], &str); 10] = [
        (b"cos\nsystem\n(S'rm -rf /'\ntR.", system),
        (b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.", system),
        (b"(S'id'\nios\nsystem\n.", system),
        (b"(cos\nsystem\nS'id'\no.", system),
        (b"\x80\x02cos\nsystem\n)\x81}S'k'\nK\x01sb.", system),
        (b"\x80\x04cos\nsystem\n)}\x92.", system),
        (b"Pthere\n.", "<pickle.persistent>"),
        (b"K\x01Q.", "<pickle.persistent>"),
        (b"\x80\x02\x82\x01.", "<pickle.extension>"),
        (b"\x80\x02\x84\x01\x02\x03\x04.", "<pickle.extension>"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(decode(bytes), Ok(PyValue::Opaque(expected.into())), "{}", bytes.escape_ascii());
    }
    // Items that are added to one are dropped; what is around it stays.
    let around = decode(b"\x80\x04(K\x01cm\nC\n)R(K\x02eK\x03t.").unwrap();
    assert_eq!(
        around,
        PyValue::Tuple(vec![PyValue::Int(1), PyValue::Opaque("<m.C>".into()), PyValue::Int(3)])
    );
    assert_eq!(decode(b"K\x01)R."), Err(PickleError::Stack(b'R')), "only what was named can be called");
}

#[test]
fn classes_that_are_texts_read_as_their_text() {
    let ansi =
        b"\x80\x04cevennia.utils.ansi\nANSIString\n\x8c\x01x\x85\x81}\x8c\x0b_raw_string\x8c\x05|rx|nsb.";
    assert_eq!(decode(ansi), Ok(PyValue::Opaque("|rx|n".into())));
    let safe = b"\x80\x04cdjango.utils.safestring\nSafeString\n\x8c\x03<b>\x85\x81.";
    assert_eq!(decode(safe), Ok(PyValue::Opaque("<b>".into())));
}

#[test]
fn depth_at_the_limit_and_one_past_it() {
    let nested = |depth: usize| [vec![b']'; depth + 1], vec![b'a'; depth], vec![b'.']].concat();
    let deepest = decode(&nested(MAX_DEPTH)).unwrap();
    assert_eq!(decode(&nested(MAX_DEPTH + 1)), Err(PickleError::TooDeep));
    assert!(encode(&deepest).is_ok());
    assert_eq!(encode(&PyValue::List(vec![deepest])), Err(PickleError::TooDeep));
    // So deep that anything recursive would not come back.
    assert_eq!(decode(&nested(400_000)), Err(PickleError::TooDeep));
    assert_eq!(decode(b"\x80\x04]\x94h\x00a."), Err(PickleError::TooDeep), "a list within itself");
}

#[test]
fn values_at_the_limit_and_one_past_it() {
    let many = |count: usize| [&b"("[..], &vec![b'N'; count], b"l."].concat();
    assert!(decode(&many(MAX_NODES - 1)).is_ok());
    assert_eq!(decode(&many(MAX_NODES)), Err(PickleError::TooLarge));
}

#[test]
fn a_bomb_of_references_is_refused() {
    // Ten lists, each of ten times the one before: ten thousand million values.
    let mut bomb = b"\x80\x04]\x94".to_vec();
    for level in 0..10 {
        bomb.push(b']');
        bomb.push(0x94);
        bomb.push(b'(');
        bomb.extend([b'h', level].repeat(10));
        bomb.push(b'e');
    }
    bomb.push(b'.');
    assert_eq!(decode(&bomb), Err(PickleError::TooLarge));
    // One value given again and again, to the limit and one past it.
    let again = |count: usize| [&b"\x80\x04N\x940("[..], &b"h\0".repeat(count), b"l."].concat();
    assert!(decode(&again(MAX_VALUES - 1)).is_ok());
    assert_eq!(decode(&again(MAX_VALUES)), Err(PickleError::TooLarge));
}

#[test]
fn bytes_of_text_at_the_limit_and_one_past_it() {
    let size = 1 << 20;
    let text = [&b"\x80\x04X"[..], &(size as u32).to_le_bytes(), &vec![b'x'; size], b"\x940("].concat();
    let times = MAX_BYTES / size;
    let full = [&text[..], &b"h\0".repeat(times), b"l."].concat();
    assert!(decode(&full).is_ok());
    let more = [&text[..], &b"h\0".repeat(times), b"X\x01\0\0\0yl."].concat();
    assert_eq!(decode(&more), Err(PickleError::TooLarge));
}

#[test]
fn numbers_at_the_limit_and_one_past_it() {
    let long =
        |length: usize| [&b"\x8b"[..], &(length as u32).to_le_bytes(), &vec![1; length], b"."].concat();
    assert!(matches!(decode(&long(1024)), Ok(PyValue::BigInt(_))));
    assert_eq!(decode(&long(1025)), Err(PickleError::Number));
    assert_eq!(decode(b"I99999999999999999999999999999999999999999\n."), Err(PickleError::Number));
}

#[test]
fn broken_programs_are_errors() {
    let cases: [(&[u8], PickleError); 9] = [
        (b"", PickleError::Truncated),
        (b".", PickleError::Stack(b'.')),
        (b"\x80\x06N.", PickleError::Protocol(6)),
        (b"\xff", PickleError::UnknownOpcode(0xff)),
        (b"\x97.", PickleError::UnknownOpcode(0x97)),
        (b"h\x05.", PickleError::Memo),
        (b"(K\x01d.", PickleError::Stack(b'd')),
        (b"K\x01K\x02a.", PickleError::Stack(b'a')),
        (b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff.", PickleError::Truncated),
    ];
    for (bytes, expected) in cases {
        assert_eq!(decode(bytes), Err(expected), "{}", bytes.escape_ascii());
    }
}
