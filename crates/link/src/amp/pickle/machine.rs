//! The stack machine that a pickle is a program for. Driven by `decode`, which then reads its nodes.

use std::{borrow::Cow, collections::HashMap, rc::Rc};

use super::{MAX_NODES, PickleError, text};

/// Longest integer, in bytes or digits.
pub(super) const MAX_INTEGER: usize = 1024;
/// Longest name of a class that is kept for its placeholder, in bytes.
const MAX_NAME: usize = 200;
/// How many pairs of an object's state are looked at for its text.
const MAX_STATE: usize = 16;

/// One value that the program has made. Others are named by their place in the arena.
#[derive(Debug)]
pub(super) enum Node<'a> {
    None,
    Bool(bool),
    Int(i64),
    BigInt(Box<[u8]>),
    Float(f64),
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
    List(Vec<u32>),
    Tuple(Vec<u32>),
    /// Keys and values in turn.
    Dict(Vec<u32>),
    Set(Vec<u32>),
    /// Something of a class that is not built: the class, and the node of its text if it has one.
    Opaque(Rc<str>, Option<u32>),
}

/// The state of a program.
#[derive(Debug, Default)]
pub(super) struct Machine<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) result: u32,
    rest: &'a [u8],
    opcode: u8,
    stack: Vec<u32>,
    marks: Vec<u32>,
    memo: HashMap<u32, u32>,
}

impl<'a> Machine<'a> {
    /// Runs a program to its end.
    pub(super) fn run(bytes: &'a [u8]) -> Result<Machine<'a>, PickleError> {
        let mut machine = Machine { rest: bytes, ..Machine::default() };
        loop {
            machine.opcode = machine.byte()?;
            if machine.opcode == b'.' {
                machine.result = machine.pop()?;
                return Ok(machine);
            }
            machine.step()?;
        }
    }

    fn step(&mut self) -> Result<(), PickleError> {
        match self.opcode {
            // PROTO, FRAME
            0x80 => match self.byte()? {
                0..=5 => Ok(()),
                other => Err(PickleError::Protocol(other)),
            },
            0x95 => self.take(8).map(|_| ()),
            b'(' | b'0' | b'1' | b'2' => self.step_stack(),
            b'p' | b'q' | b'r' | 0x94 | b'g' | b'h' | b'j' => self.step_memo(),
            b'I' | b'L' | b'J' | b'K' | b'M' | 0x8a | 0x8b | b'F' | b'G' => self.step_number(),
            b'N' => self.push(Node::None),
            0x88 => self.push(Node::Bool(true)),
            0x89 => self.push(Node::Bool(false)),
            b'S' | b'T' | b'U' | b'V' | b'X' | 0x8c | 0x8d => self.step_text(),
            b'B' => self.length(4).and_then(|length| self.push_bytes(length)),
            b'C' => self.length(1).and_then(|length| self.push_bytes(length)),
            0x8e | 0x96 => self.length(8).and_then(|length| self.push_bytes(length)),
            b'c' | b'i' | b'o' | b'R' | b'b' | b'P' | b'Q' | 0x81..=0x84 | 0x92 | 0x93 => self.step_opaque(),
            _ => self.step_container(),
        }
    }

    /// MARK, POP, POP_MARK, DUP.
    fn step_stack(&mut self) -> Result<(), PickleError> {
        match self.opcode {
            b'(' => self.marks.push(self.stack.len() as u32),
            // Python lets POP take a mark that lies on top.
            b'0' if self.marks.last().is_some_and(|mark| *mark as usize == self.stack.len()) => {
                self.marks.pop();
            }
            b'0' => {
                self.pop()?;
            }
            b'1' => {
                self.pop_mark()?;
            }
            _ => {
                let top = self.top()?;
                self.stack.push(top);
            }
        }
        Ok(())
    }

    /// PUT and GET with their shorter forms, MEMOIZE.
    fn step_memo(&mut self) -> Result<(), PickleError> {
        let key = match self.opcode {
            b'p' | b'g' => text::line(&mut self.rest)?.parse().map_err(|_| PickleError::Number)?,
            b'q' | b'h' => u32::from(self.byte()?),
            0x94 => self.memo.len() as u32,
            _ => u32::from_le_bytes(self.array()?),
        };
        if matches!(self.opcode, b'g' | b'h' | b'j') {
            let node = self.memo.get(&key).ok_or(PickleError::Memo)?;
            self.stack.push(*node);
        } else {
            self.memo.insert(key, self.top()?);
        }
        Ok(())
    }

    /// INT, LONG, BININT and its shorter forms, LONG1, LONG4, FLOAT, BINFLOAT.
    fn step_number(&mut self) -> Result<(), PickleError> {
        let node = match self.opcode {
            b'I' | b'L' => text::integer(text::line(&mut self.rest)?)?,
            b'J' => Node::Int(i64::from(i32::from_le_bytes(self.array()?))),
            b'K' => Node::Int(i64::from(self.byte()?)),
            b'M' => Node::Int(i64::from(u16::from_le_bytes(self.array()?))),
            b'F' => Node::Float(text::line(&mut self.rest)?.parse().map_err(|_| PickleError::Number)?),
            b'G' => Node::Float(f64::from_be_bytes(self.array()?)),
            opcode => {
                let length = self.length(if opcode == 0x8a { 1 } else { 4 })?;
                if length > MAX_INTEGER {
                    return Err(PickleError::Number);
                }
                integer_node(self.take(length)?)
            }
        };
        self.push(node)
    }

    /// STRING and UNICODE with their binary forms.
    fn step_text(&mut self) -> Result<(), PickleError> {
        let node = match self.opcode {
            b'S' => text::quoted(text::line(&mut self.rest)?)?,
            b'V' => Node::Text(text::raw_unicode_escape(text::raw_line(&mut self.rest)?)?.into()),
            opcode => {
                let length = match opcode {
                    b'U' | 0x8c => self.length(1)?,
                    b'T' | b'X' => self.length(4)?,
                    _ => self.length(8)?,
                };
                let bytes = self.take(length)?;
                match std::str::from_utf8(bytes) {
                    Ok(text) => Node::Text(text.into()),
                    // The strings of Python 2 are bytes.
                    Err(_) if matches!(opcode, b'T' | b'U') => Node::Bytes(bytes.into()),
                    Err(_) => Node::Text(String::from_utf8_lossy(bytes)),
                }
            }
        };
        self.push(node)
    }

    /// Lists, tuples, dicts and sets, empty, from the stack, and filled.
    fn step_container(&mut self) -> Result<(), PickleError> {
        match self.opcode {
            b']' => self.push(Node::List(Vec::new())),
            b'}' => self.push(Node::Dict(Vec::new())),
            b')' => self.push(Node::Tuple(Vec::new())),
            0x8f => self.push(Node::Set(Vec::new())),
            b'l' => self.collect(Node::List),
            b't' => self.collect(Node::Tuple),
            0x91 => self.collect(Node::Set),
            b'd' => {
                let items = self.pop_mark()?;
                self.even(&items)?;
                self.push(Node::Dict(items))
            }
            0x85..=0x87 => {
                let items = self.pop_several(usize::from(self.opcode - 0x84))?;
                self.push(Node::Tuple(items))
            }
            b'a' => {
                let items = self.pop_several(1)?;
                self.fill(items)
            }
            b's' => {
                let items = self.pop_several(2)?;
                self.fill(items)
            }
            b'e' | b'u' | 0x90 => {
                let items = self.pop_mark()?;
                self.fill(items)
            }
            other => Err(PickleError::UnknownOpcode(other)),
        }
    }

    fn collect(&mut self, node: impl FnOnce(Vec<u32>) -> Node<'a>) -> Result<(), PickleError> {
        let items = self.pop_mark()?;
        self.push(node(items))
    }

    /// Adds to the container on top of the stack; what is added to a placeholder is dropped.
    fn fill(&mut self, items: Vec<u32>) -> Result<(), PickleError> {
        let pairs = matches!(self.opcode, b's' | b'u');
        if pairs {
            self.even(&items)?;
        }
        let top = self.top()? as usize;
        match (&mut self.nodes[top], self.opcode) {
            (Node::List(list), b'a' | b'e') => list.extend(items),
            (Node::Set(set), 0x90) => set.extend(items),
            (Node::Dict(dict), _) if pairs => dict.extend(items),
            (Node::Opaque(..), _) => {}
            _ => return Err(PickleError::Stack(self.opcode)),
        }
        Ok(())
    }

    /// Everything that would import, call or build: the stack moves as Python's does, a placeholder remains.
    fn step_opaque(&mut self) -> Result<(), PickleError> {
        match self.opcode {
            // GLOBAL, INST
            b'c' | b'i' => {
                let module = text::line(&mut self.rest)?;
                let name = text::line(&mut self.rest)?;
                if self.opcode == b'i' {
                    self.pop_mark()?;
                }
                self.push_opaque(module, name)
            }
            // STACK_GLOBAL
            0x93 => {
                let names = self.pop_several(2)?;
                let [module, name] = [names[0], names[1]].map(|node| match &self.nodes[node as usize] {
                    Node::Text(text) => text[..text.floor_char_boundary(MAX_NAME)].to_owned(),
                    _ => "?".to_owned(),
                });
                self.push_opaque(&module, &name)
            }
            // OBJ: the class lies under its arguments
            b'o' => {
                let items = self.pop_mark()?;
                let class = *items.first().ok_or(PickleError::Stack(b'o'))?;
                self.push_instance(class, None)
            }
            // REDUCE, NEWOBJ; NEWOBJ_EX
            b'R' | 0x81 | 0x92 => {
                let items = self.pop_several(if self.opcode == 0x92 { 3 } else { 2 })?;
                let text = self.only_text(items[1]);
                self.push_instance(items[0], text)
            }
            // BUILD
            b'b' => {
                let state = self.pop()?;
                self.build(state)
            }
            // PERSID, BINPERSID
            b'P' => {
                text::line(&mut self.rest)?;
                self.push_opaque("pickle", "persistent")
            }
            b'Q' => {
                self.pop()?;
                self.push_opaque("pickle", "persistent")
            }
            // EXT1, EXT2, EXT4
            opcode => {
                self.take(1 << (opcode - 0x82))?;
                self.push_opaque("pickle", "extension")
            }
        }
    }

    fn push_opaque(&mut self, module: &str, name: &str) -> Result<(), PickleError> {
        let cut = |text: &str| text[..text.floor_char_boundary(MAX_NAME)].to_owned();
        self.push(Node::Opaque(format!("<{}.{}>", cut(module), cut(name)).into(), None))
    }

    /// A new placeholder, told apart from its class by being another node.
    fn push_instance(&mut self, class: u32, text: Option<u32>) -> Result<(), PickleError> {
        let class = match &self.nodes[class as usize] {
            Node::Opaque(class, _) => class.clone(),
            _ => return Err(PickleError::Stack(self.opcode)),
        };
        self.push(Node::Opaque(class, text))
    }

    /// State is dropped, but for the text of an `ANSIString`: games send those where they mean text.
    fn build(&mut self, state: u32) -> Result<(), PickleError> {
        let top = self.top()? as usize;
        let text = self.raw_string(state);
        match &mut self.nodes[top] {
            Node::Opaque(_, slot) => *slot = text.or(*slot),
            _ => return Err(PickleError::Stack(self.opcode)),
        }
        Ok(())
    }

    /// The one argument of an instance, if it is a text: so classes that are texts (`SafeString` ...) are made.
    fn only_text(&self, args: u32) -> Option<u32> {
        match &self.nodes[args as usize] {
            Node::Tuple(items) => match items[..] {
                [only] if self.opcode == 0x81 && matches!(self.nodes[only as usize], Node::Text(_)) => {
                    Some(only)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The text in the state of an `ANSIString`.
    fn raw_string(&self, state: u32) -> Option<u32> {
        let node = |at: u32| &self.nodes[at as usize];
        let Node::Dict(items) = node(state) else { return None };
        let mut pairs = items.chunks_exact(2).take(MAX_STATE);
        let pair = pairs.find(|pair| matches!(node(pair[0]), Node::Text(key) if key == "_raw_string"))?;
        matches!(node(pair[1]), Node::Text(_)).then_some(pair[1])
    }

    fn push(&mut self, node: Node<'a>) -> Result<(), PickleError> {
        if self.nodes.len() == MAX_NODES {
            return Err(PickleError::TooLarge);
        }
        self.stack.push(self.nodes.len() as u32);
        self.nodes.push(node);
        Ok(())
    }

    fn push_bytes(&mut self, length: usize) -> Result<(), PickleError> {
        let bytes = self.take(length)?;
        self.push(Node::Bytes(bytes.into()))
    }

    /// Where the part of the stack begins that opcodes may take from.
    fn floor(&self) -> usize {
        self.marks.last().map_or(0, |mark| *mark as usize)
    }

    fn top(&self) -> Result<u32, PickleError> {
        self.stack[self.floor()..].last().copied().ok_or(PickleError::Stack(self.opcode))
    }

    fn pop(&mut self) -> Result<u32, PickleError> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    fn pop_several(&mut self, count: usize) -> Result<Vec<u32>, PickleError> {
        let at = self.stack.len().checked_sub(count).filter(|at| *at >= self.floor());
        Ok(self.stack.split_off(at.ok_or(PickleError::Stack(self.opcode))?))
    }

    /// Everything down to the last mark, and the mark.
    fn pop_mark(&mut self) -> Result<Vec<u32>, PickleError> {
        let mark = self.marks.pop().ok_or(PickleError::Stack(self.opcode))?;
        Ok(self.stack.split_off(mark as usize))
    }

    fn even(&self, items: &[u32]) -> Result<(), PickleError> {
        if items.len().is_multiple_of(2) { Ok(()) } else { Err(PickleError::Stack(self.opcode)) }
    }

    fn byte(&mut self) -> Result<u8, PickleError> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], PickleError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(PickleError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], PickleError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(PickleError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A length of 1, 4 or 8 bytes.
    fn length(&mut self, size: usize) -> Result<usize, PickleError> {
        let mut bytes = [0; 8];
        bytes[..size].copy_from_slice(self.take(size)?);
        usize::try_from(u64::from_le_bytes(bytes)).map_err(|_| PickleError::Truncated)
    }
}

/// An integer of two's complement, lowest byte first.
pub(super) fn integer_node<'a>(bytes: &[u8]) -> Node<'a> {
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let fill = if negative { 0xff } else { 0 };
    let Some((low, high)) = bytes.split_at_checked(8) else {
        let mut wide = [fill; 8];
        wide[..bytes.len()].copy_from_slice(bytes);
        return Node::Int(i64::from_le_bytes(wide));
    };
    let mut wide = [0; 8];
    wide.copy_from_slice(low);
    let number = i64::from_le_bytes(wide);
    // Bytes that only repeat the sign add nothing.
    if high.iter().all(|byte| *byte == fill) && (number < 0) == negative {
        Node::Int(number)
    } else {
        Node::BigInt(bytes.into())
    }
}
