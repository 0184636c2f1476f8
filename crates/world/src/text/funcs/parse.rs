//! Reads a sentence with inline functions into a tree, once; [`super::call`] makes text of it for each reader.

use super::call::{FUNCS, Func};

/// How deep functions may stand in each other. Deeper ones stay as they are typed.
pub(super) const MAX_DEPTH: usize = 20;
/// Longest sentence that is looked through, in bytes. A longer one stays as it is typed.
pub(super) const MAX_LENGTH: usize = 64 * 1024;

/// A sentence, read.
#[derive(Debug)]
pub(crate) struct Template<'t> {
    pub(super) nodes: Vec<Node<'t>>,
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node<'t> {
    Text(&'t str),
    /// An argument in quotes: its spaces count.
    Quoted(&'t str),
    /// `{name}`, with its braces.
    Value(&'t str),
    Call(Call<'t>),
}

/// A function with its arguments.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call<'t> {
    pub(super) func: &'static Func,
    /// By the places of `func.params`.
    pub(super) args: Vec<Option<Vec<Node<'t>>>>,
    /// How it is typed.
    pub(super) raw: &'t str,
}

impl<'t> Template<'t> {
    /// Reads a sentence. There are no errors: what is not understood stays as it is typed.
    pub(crate) fn parse(source: &'t str) -> Template<'t> {
        if source.len() > MAX_LENGTH {
            return Template { nodes: vec![Node::Text(source)] };
        }
        let mut parser =
            Parser { source, at: 0, text_from: 0, root: Vec::new(), frames: Vec::new(), quotes: [true; 2] };
        while let Some(byte) = source.as_bytes().get(parser.at) {
            parser.step(*byte);
        }
        Template { nodes: parser.end() }
    }
}

struct Parser<'t> {
    source: &'t str,
    at: usize,
    /// Where the text begins that is not a node yet.
    text_from: usize,
    root: Vec<Node<'t>>,
    /// The functions that are open.
    frames: Vec<Frame<'t>>,
    /// Whether a closing `"` and a closing `'` may still come: they are not looked for twice.
    quotes: [bool; 2],
}

struct Frame<'t> {
    func: &'static Func,
    start: usize,
    /// What was given, and the place of the parameter that was named.
    args: Vec<(Option<usize>, Vec<Node<'t>>)>,
    name: Option<usize>,
    current: Vec<Node<'t>>,
    parentheses: usize,
}

impl<'t> Parser<'t> {
    fn step(&mut self, byte: u8) {
        let inside = !self.frames.is_empty();
        match byte {
            b'\\' if self.is_escape(inside) => self.literal(self.at + 1),
            b'$' if self.rest().starts_with("$$") => self.literal(self.at + 1),
            b'$' => self.dollar(),
            b'{' => self.value(),
            b'(' if inside => self.nest(),
            b')' | b',' if inside => self.delimiter(byte),
            b'"' | b'\'' if inside => self.quote(byte),
            b'=' if inside => self.name(),
            _ => self.at += 1,
        }
    }

    fn rest(&self) -> &'t str {
        &self.source[self.at..]
    }

    fn is_escape(&self, inside: bool) -> bool {
        let next = self.source.as_bytes().get(self.at + 1);
        next.is_some_and(|next| *next == b'$' || inside && b",()=\"'\\{".contains(next))
    }

    /// What stands at `from` (one byte) is text, and what lies between here and there is left out.
    fn literal(&mut self, from: usize) {
        self.flush();
        self.text_from = from;
        self.at = from + 1;
    }

    fn dollar(&mut self) {
        let name = identifier(&self.rest()[1..]);
        let func = FUNCS.iter().find(|func| func.name == name);
        let opens = self.rest()[1 + name.len()..].starts_with('(');
        match func {
            Some(func) if opens && self.frames.len() < MAX_DEPTH => {
                self.flush();
                let start = self.at;
                self.at += 1 + name.len() + 1;
                self.text_from = self.at;
                let (args, current) = (Vec::new(), Vec::new());
                self.frames.push(Frame { func, start, args, name: None, current, parentheses: 0 });
            }
            _ => self.at += 1,
        }
    }

    fn value(&mut self) {
        let name = identifier(&self.rest()[1..]);
        if name.is_empty() || !self.rest()[1 + name.len()..].starts_with('}') {
            self.at += 1;
            return;
        }
        self.flush();
        let end = self.at + 1 + name.len() + 1;
        let raw = &self.source[self.at..end];
        self.nodes().push(Node::Value(raw));
        self.at = end;
        self.text_from = end;
    }

    fn nest(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.parentheses += 1;
        }
        self.at += 1;
    }

    fn delimiter(&mut self, byte: u8) {
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.parentheses > 0 {
            frame.parentheses -= usize::from(byte == b')');
            self.at += 1;
            return;
        }
        self.flush();
        self.at += 1;
        self.text_from = self.at;
        if byte == b',' {
            self.end_argument();
        } else {
            self.close();
        }
    }

    /// A quote at the beginning of an argument: what is in it is text.
    fn quote(&mut self, quote: u8) {
        let which = usize::from(quote == b'\'');
        let before = &self.source[self.text_from..self.at];
        let begins =
            before.trim().is_empty() && self.frames.last().is_some_and(|frame| frame.current.is_empty());
        if !begins || !self.quotes[which] {
            self.at += 1;
            return;
        }
        let Some(length) = self.rest()[1..].find(char::from(quote)) else {
            self.quotes[which] = false;
            self.at += 1;
            return;
        };
        let from = self.at + 1;
        let quoted = &self.source[from..from + length];
        self.nodes().push(Node::Quoted(quoted));
        self.at = from + length + 1;
        self.text_from = self.at;
    }

    /// An `=` behind the name of a parameter.
    fn name(&mut self) {
        let name = self.source[self.text_from..self.at].trim();
        if let Some(frame) = self.frames.last_mut()
            && frame.current.is_empty()
            && frame.name.is_none()
            && frame.parentheses == 0
            && let Some(at) = frame.func.params.iter().position(|param| *param == name)
        {
            frame.name = Some(at);
            self.text_from = self.at + 1;
        }
        self.at += 1;
    }

    fn flush(&mut self) {
        if self.text_from < self.at {
            let text = &self.source[self.text_from..self.at];
            self.nodes().push(Node::Text(text));
            self.text_from = self.at;
        }
    }

    fn nodes(&mut self) -> &mut Vec<Node<'t>> {
        match self.frames.last_mut() {
            Some(frame) => &mut frame.current,
            None => &mut self.root,
        }
    }

    fn end_argument(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            let nodes = trimmed(std::mem::take(&mut frame.current));
            frame.args.push((frame.name.take(), nodes));
        }
    }

    fn close(&mut self) {
        self.end_argument();
        let Some(frame) = self.frames.pop() else { return };
        let raw = &self.source[frame.start..self.at];
        let node = match arguments(frame.func, frame.args) {
            Some(args) => Node::Call(Call { func: frame.func, args, raw }),
            None => Node::Text(raw),
        };
        self.nodes().push(node);
    }

    fn end(mut self) -> Vec<Node<'t>> {
        match self.frames.first() {
            // Never closed.
            Some(frame) => self.root.push(Node::Text(&self.source[frame.start..])),
            None => self.flush(),
        }
        self.root
    }
}

/// Arguments by their places; none, if there are too many, one twice, or one is missing.
fn arguments<'t>(
    func: &Func,
    given: Vec<(Option<usize>, Vec<Node<'t>>)>,
) -> Option<Vec<Option<Vec<Node<'t>>>>> {
    let mut args = vec![None; func.params.len()];
    let count = given.len();
    for (next, (name, nodes)) in given.into_iter().enumerate() {
        // `$You()` has no argument, and not an empty one.
        if nodes.is_empty() && count == 1 {
            break;
        }
        let place = args.get_mut(name.unwrap_or(next))?;
        if place.is_some() {
            return None;
        }
        *place = Some(nodes);
    }
    args.iter().take(func.required).all(Option::is_some).then_some(args)
}

/// Nodes without the spaces at both ends.
fn trimmed(mut nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
    if let Some(Node::Text(text)) = nodes.first_mut() {
        *text = text.trim_start();
    }
    if let Some(Node::Text(text)) = nodes.last_mut() {
        *text = text.trim_end();
    }
    nodes.retain(|node| *node != Node::Text(""));
    nodes
}

/// The name that a text begins with.
fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    &text[..end]
}
