//! Reads pickles, protocols 0 to 5, without ever building what they name.
//!
//! The opcodes work on an arena of nodes, so that a list that is filled after it was put into the memo is
//! filled wherever the memo gives it back. The tree is made at the end; that is where cycles, too deep
//! nestings and pickles that unfold into something huge are found out. Opcodes: Python's `pickletools`.

use super::{
    PyValue,
    machine::{Machine, Node},
};

/// How deep values may be nested.
pub const MAX_DEPTH: usize = 128;
/// Most values that the opcodes of one pickle may make.
pub const MAX_NODES: usize = 1_000_000;
/// Most values of the tree, where what the memo gave twice counts twice.
pub const MAX_VALUES: usize = 4_000_000;
/// Most bytes of all texts and bytes of the tree.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// What is wrong with a pickle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PickleError {
    /// It ends before its end.
    #[error("the pickle is cut off")]
    Truncated,
    /// An opcode that is not known.
    #[error("unknown pickle opcode {0:#04x}")]
    UnknownOpcode(u8),
    /// A protocol after 5.
    #[error("pickle protocol {0} is not known")]
    Protocol(u8),
    /// Opcodes that take from the stack what is not there, or is of a wrong kind.
    #[error("pickle opcode {0:#04x} finds nothing fitting on the stack")]
    Stack(u8),
    /// A memo entry that was never put.
    #[error("the pickle asks for a memo entry it has not made")]
    Memo,
    /// A number that is none, or has too many digits.
    #[error("a number in the pickle cannot be read")]
    Number,
    /// Text that is not in the encoding that its opcode demands.
    #[error("a text in the pickle cannot be read")]
    Text,
    /// Nested deeper than [`MAX_DEPTH`], or within itself.
    #[error("the pickle is nested too deep")]
    TooDeep,
    /// More values than [`MAX_NODES`] or [`MAX_VALUES`], or more text than [`MAX_BYTES`].
    #[error("the pickle is too large")]
    TooLarge,
}

/// Reads a pickle. What follows its end is not looked at.
///
/// # Errors
/// It is broken or passes a limit.
pub fn decode(bytes: &[u8]) -> Result<PyValue, PickleError> {
    let machine = Machine::run(bytes)?;
    let mut tree = Tree { nodes: &machine.nodes, values: 0, bytes: 0 };
    tree.value(machine.result, 0)
}

/// Makes the tree of values from the nodes.
struct Tree<'a> {
    nodes: &'a [Node<'a>],
    values: usize,
    bytes: usize,
}

impl Tree<'_> {
    fn value(&mut self, node: u32, depth: usize) -> Result<PyValue, PickleError> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(PickleError::TooLarge);
        }
        if depth > MAX_DEPTH {
            return Err(PickleError::TooDeep);
        }
        Ok(match &self.nodes[node as usize] {
            Node::None => PyValue::None,
            Node::Bool(on) => PyValue::Bool(*on),
            Node::Int(number) => PyValue::Int(*number),
            Node::BigInt(bytes) => PyValue::BigInt(bytes.clone()),
            Node::Float(number) => PyValue::Float(*number),
            Node::Text(text) => {
                self.count_bytes(text.len())?;
                PyValue::Str(text.to_string())
            }
            Node::Bytes(bytes) => {
                self.count_bytes(bytes.len())?;
                PyValue::Bytes(bytes.to_vec())
            }
            Node::Opaque(class, text) => {
                let text = match text.map(|text| &self.nodes[text as usize]) {
                    Some(Node::Text(text)) => text,
                    _ => &**class,
                };
                self.count_bytes(text.len())?;
                PyValue::Opaque(text.to_owned())
            }
            Node::List(items) => PyValue::List(self.items(items, depth)?),
            Node::Tuple(items) => PyValue::Tuple(self.items(items, depth)?),
            Node::Set(items) => PyValue::Set(self.items(items, depth)?),
            Node::Dict(items) => {
                let mut pairs = Vec::new();
                for pair in items.chunks_exact(2) {
                    pairs.push((self.value(pair[0], depth + 1)?, self.value(pair[1], depth + 1)?));
                }
                PyValue::Dict(pairs)
            }
        })
    }

    fn items(&mut self, items: &[u32], depth: usize) -> Result<Vec<PyValue>, PickleError> {
        items.iter().map(|item| self.value(*item, depth + 1)).collect()
    }

    fn count_bytes(&mut self, length: usize) -> Result<(), PickleError> {
        self.bytes += length;
        if self.bytes > MAX_BYTES { Err(PickleError::TooLarge) } else { Ok(()) }
    }
}
