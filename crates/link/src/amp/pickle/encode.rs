//! Writes pickles: few opcodes, no memo. Python's unpickler takes any mixture of opcodes up to the protocol
//! it knows; protocol 4 is the first that has all of them here, and Evennia's processes write 5.

use super::{MAX_DEPTH, PickleError, PyValue};

/// The pickle of a value.
///
/// # Errors
/// A value nested deeper than [`MAX_DEPTH`].
pub fn encode(value: &PyValue) -> Result<Vec<u8>, PickleError> {
    let mut out = vec![0x80, 4];
    write(value, 0, &mut out)?;
    out.push(b'.');
    Ok(out)
}

fn write(value: &PyValue, depth: usize, out: &mut Vec<u8>) -> Result<(), PickleError> {
    if depth > MAX_DEPTH {
        return Err(PickleError::TooDeep);
    }
    match value {
        PyValue::None => out.push(b'N'),
        PyValue::Bool(true) => out.push(0x88),
        PyValue::Bool(false) => out.push(0x89),
        PyValue::Int(number) => write_int(*number, out),
        PyValue::BigInt(bytes) => write_long(bytes, out),
        PyValue::Float(number) => {
            out.push(b'G');
            out.extend(number.to_be_bytes());
        }
        PyValue::Str(text) | PyValue::Opaque(text) => write_sized(b'X', 0x8d, text.as_bytes(), out),
        PyValue::Bytes(bytes) => write_sized(b'B', 0x8e, bytes, out),
        PyValue::List(items) => {
            out.push(b']');
            write_marked(items, b'e', depth, out)?;
        }
        PyValue::Set(items) => {
            out.push(0x8f);
            write_marked(items, 0x90, depth, out)?;
        }
        PyValue::Tuple(items) if items.is_empty() => out.push(b')'),
        PyValue::Tuple(items) => write_marked(items, b't', depth, out)?,
        PyValue::Dict(pairs) => {
            out.extend(b"}(");
            for (key, value) in pairs {
                write(key, depth + 1, out)?;
                write(value, depth + 1, out)?;
            }
            out.push(b'u');
        }
    }
    Ok(())
}

/// A mark, the items, and the opcode that collects them.
fn write_marked(items: &[PyValue], collect: u8, depth: usize, out: &mut Vec<u8>) -> Result<(), PickleError> {
    out.push(b'(');
    items.iter().try_for_each(|item| write(item, depth + 1, out))?;
    out.push(collect);
    Ok(())
}

fn write_int(number: i64, out: &mut Vec<u8>) {
    if let Ok(number) = u8::try_from(number) {
        out.extend([b'K', number]);
    } else if let Ok(number) = i32::try_from(number) {
        out.push(b'J');
        out.extend(number.to_le_bytes());
    } else {
        write_long(&number.to_le_bytes(), out);
    }
}

fn write_long(bytes: &[u8], out: &mut Vec<u8>) {
    if let Ok(length) = u8::try_from(bytes.len()) {
        out.extend([0x8a, length]);
    } else {
        out.push(0x8b);
        out.extend((bytes.len() as u32).to_le_bytes());
    }
    out.extend(bytes);
}

/// Bytes with their length before them, by one of two opcodes.
fn write_sized(opcode: u8, long_opcode: u8, bytes: &[u8], out: &mut Vec<u8>) {
    if let Ok(length) = u32::try_from(bytes.len()) {
        out.push(opcode);
        out.extend(length.to_le_bytes());
    } else {
        out.push(long_opcode);
        out.extend((bytes.len() as u64).to_le_bytes());
    }
    out.extend(bytes);
}
