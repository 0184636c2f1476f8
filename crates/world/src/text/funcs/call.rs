//! Makes text of a sentence, for one reader: the table of inline functions, and those of them that do not care who reads.

use super::{
    arithmetic::{self, Number},
    parse::{Node, Template},
    stance,
};
use crate::{
    ObjectId, World,
    text::{self, Align, layout, markup, naming},
};

/// What a key of a sentence stands for.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Object(ObjectId),
    /// Several things: "a rose, two coins and an egg".
    Several(Box<[ObjectId]>),
    /// Markup, in which no function is looked for.
    Text(String),
}

/// Who acts, who reads, and what the keys stand for.
pub(crate) struct Scene<'a> {
    pub(crate) world: &'a World,
    pub(crate) actor: Option<ObjectId>,
    pub(crate) looker: Option<ObjectId>,
    pub(crate) values: &'a [(Box<str>, Value)],
}

/// An inline function.
#[derive(Debug)]
pub(super) struct Func {
    pub(super) name: &'static str,
    pub(super) params: &'static [&'static str],
    /// How many of them have to be given.
    pub(super) required: usize,
    /// None, if it can do nothing with its arguments: then it stays as it is typed.
    run: fn(&Scene<'_>, &Args) -> Option<String>,
}

/// Each function is there once.
impl PartialEq for Func {
    fn eq(&self, other: &Func) -> bool {
        self.name == other.name
    }
}

/// Arguments, made into text; by the places of the parameters.
pub(super) struct Args(Vec<Option<String>>);

/// Longest that a function may make of its arguments, in bytes. It stays as it is typed where it makes more.
pub(super) const MAX_RESULT: usize = 64 * 1024;

const KEY: &[&str] = &["key"];
const TWO: &[&str] = &["a", "b"];
const TEXT_WIDTH: &[&str] = &["text", "width", "indent"];

/// All of them.
pub(super) static FUNCS: [Func; 28] = [
    func("You", KEY, 0, |scene, args| stance::you(scene, args, true)),
    func("you", KEY, 0, |scene, args| stance::you(scene, args, false)),
    func("Your", KEY, 0, |scene, args| stance::your(scene, args, true)),
    func("your", KEY, 0, |scene, args| stance::your(scene, args, false)),
    func("conj", &["verb", "key"], 1, stance::conj),
    func("pconj", &["verb", "key"], 1, stance::pconj),
    func("pron", &["pronoun", "options", "key"], 1, |scene, args| stance::pron(scene, args, false)),
    func("Pron", &["pronoun", "options", "key"], 1, |scene, args| stance::pron(scene, args, true)),
    func("obj", KEY, 1, |scene, args| stance::obj(scene, args, false)),
    func("Obj", KEY, 1, |scene, args| stance::obj(scene, args, true)),
    func("an", &["word"], 1, |_, args| Some(naming::with_article(args.text(0)))),
    func("pluralize", &["word", "count", "plural"], 2, |_, args| pluralize(args)),
    func("int2str", &["number"], 1, |_, args| Some(naming::number_word(args.text(0).parse().ok()?))),
    func("pad", &["text", "width", "align", "fillchar"], 1, |_, args| pad(args)),
    func("crop", &["text", "width", "suffix"], 1, |_, args| crop(args)),
    func("just", &["text", "width", "align", "indent"], 1, |_, args| just(args, align(args, 2)?, 3)),
    func("ljust", TEXT_WIDTH, 1, |_, args| just(args, Align::Left, 2)),
    func("rjust", TEXT_WIDTH, 1, |_, args| just(args, Align::Right, 2)),
    func("cjust", TEXT_WIDTH, 1, |_, args| just(args, Align::Center, 2)),
    func("space", &["count"], 0, |_, args| Some(" ".repeat(args.size(0, 1)?))),
    func("clr", &["color", "text", "then"], 2, |_, args| clr(args)),
    func("add", TWO, 2, |_, args| args.numbers()?.compute('+')),
    func("sub", TWO, 2, |_, args| args.numbers()?.compute('-')),
    func("mult", TWO, 2, |_, args| args.numbers()?.compute('*')),
    func("div", TWO, 2, |_, args| args.numbers()?.compute('/')),
    func("round", &["number", "digits"], 1, |_, args| round(args)),
    func("toint", &["number"], 1, |_, args| Some(Number::read(args.text(0))?.whole()?.to_string())),
    func("eval", &["expression"], 1, |_, args| arithmetic::eval(args.text(0))),
];

const fn func(
    name: &'static str,
    params: &'static [&'static str],
    required: usize,
    run: fn(&Scene<'_>, &Args) -> Option<String>,
) -> Func {
    Func { name, params, required, run }
}

impl Template<'_> {
    /// The sentence as the scene's reader reads it: markup.
    pub(crate) fn read_by(&self, scene: &Scene<'_>) -> String {
        let mut out = String::new();
        write(&self.nodes, scene, &mut out);
        out
    }
}

fn write(nodes: &[Node<'_>], scene: &Scene<'_>, out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) | Node::Quoted(text) => out.push_str(text),
            Node::Value(raw) => match scene.value(raw.trim_matches(['{', '}'])) {
                Some(value) => out.push_str(&scene.shown(value)),
                None => out.push_str(raw),
            },
            Node::Call(call) => {
                let text = |nodes: &Vec<Node<'_>>| {
                    let mut out = String::new();
                    write(nodes, scene, &mut out);
                    out
                };
                let args = Args(call.args.iter().map(|arg| arg.as_ref().map(text)).collect());
                let made = (call.func.run)(scene, &args).filter(|made| made.len() <= MAX_RESULT);
                out.push_str(made.as_deref().unwrap_or(call.raw));
            }
        }
    }
}

impl<'a> Scene<'a> {
    pub(super) fn value(&self, key: &str) -> Option<&'a Value> {
        self.values.iter().find(|(known, _)| **known == *key).map(|(_, value)| value)
    }

    pub(super) fn shown(&self, value: &Value) -> String {
        match value {
            Value::Object(id) => self.name(*id),
            Value::Several(ids) => self.names(ids),
            Value::Text(text) => text.clone(),
        }
    }

    /// What the reader calls some things; those that they call the same count as one name.
    fn names(&self, ids: &[ObjectId]) -> String {
        let mut groups: Vec<(String, usize)> = Vec::new();
        for name in ids.iter().map(|id| self.name(*id)) {
            match groups.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => groups.push((name, 1)),
            }
        }
        let names: Vec<String> = groups.iter().map(|(name, count)| naming::numbered(name, *count)).collect();
        match names.split_last() {
            None => String::new(),
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
        }
    }

    /// What the reader calls something. It may be gone by now.
    pub(super) fn name(&self, id: ObjectId) -> String {
        match self.world.exists(id) {
            true => {
                self.world.display_name(id, self.looker.filter(|id| self.world.exists(*id)).unwrap_or(id))
            }
            false => "something".to_owned(),
        }
    }
}

impl Args {
    /// An argument; none, if it is not given or empty.
    pub(super) fn given(&self, at: usize) -> Option<&str> {
        self.0.get(at)?.as_deref().filter(|text| !text.is_empty())
    }

    pub(super) fn text(&self, at: usize) -> &str {
        self.given(at).unwrap_or_default()
    }

    /// A number of cells, no more than are ever drawn.
    fn size(&self, at: usize, usual: usize) -> Option<usize> {
        let Some(given) = self.given(at) else { return Some(usual) };
        given.trim().parse().ok().map(|size: usize| size.min(layout::MAX_WIDTH))
    }

    fn numbers(&self) -> Option<arithmetic::Pair> {
        Some(arithmetic::Pair(Number::read(self.text(0))?, Number::read(self.text(1))?))
    }
}

/// Columns that text is given if nothing is said (Evennia's `CLIENT_DEFAULT_WIDTH`).
const WIDTH: usize = 78;

fn pluralize(args: &Args) -> Option<String> {
    let count: f64 = args.text(1).trim().parse().ok()?;
    Some(match args.given(2) {
        _ if count == 1.0 => args.text(0).to_owned(),
        Some(plural) => plural.to_owned(),
        None => naming::plural(args.text(0)),
    })
}

fn align(args: &Args, at: usize) -> Option<Align> {
    Some(match args.text(at) {
        "" | "l" | "left" => Align::Left,
        "c" | "center" | "centre" => Align::Center,
        "r" | "right" => Align::Right,
        "f" | "full" | "a" => Align::Full,
        _ => return None,
    })
}

fn pad(args: &Args) -> Option<String> {
    let align = if args.given(2).is_none() { Align::Center } else { align(args, 2)? };
    let fill = args.0.get(3)?.as_deref().unwrap_or(" ");
    let width = args.size(1, WIDTH)?;
    (text::width(fill) == 1).then(|| layout::pad_with(args.text(0), width, align, fill))
}

fn crop(args: &Args) -> Option<String> {
    let suffix = args.given(2).map_or_else(|| "...".to_owned(), text::plain);
    Some(layout::crop_with(args.text(0), args.size(1, WIDTH)?, &suffix).into_owned())
}

fn just(args: &Args, align: Align, indent: usize) -> Option<String> {
    let justified = text::justify(args.text(0), args.size(1, WIDTH)?, align);
    let indent = " ".repeat(args.size(indent, 0)?);
    Some(justified.lines().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n"))
}

fn clr(args: &Args) -> Option<String> {
    let code = |name: &str| {
        let code = format!("|{}", name.strip_prefix('|').unwrap_or(name));
        markup::is_style(&code).then_some(code)
    };
    let (begin, end) = (code(args.text(0))?, code(args.given(2).unwrap_or("n"))?);
    Some(format!("{begin}{}{end}", args.text(1)))
}

fn round(args: &Args) -> Option<String> {
    let digits = args.given(1).map_or(Some(0), |digits| digits.trim().parse().ok())?;
    Number::read(args.text(0))?.rounded(digits)
}
