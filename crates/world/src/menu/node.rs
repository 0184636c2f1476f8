//! What menus are written with: nodes, and the choices that lead from one to another.

use std::borrow::Cow;

use crate::{Cx, Result};

type Word = Cow<'static, str>;
type Made<M, T> = Box<dyn Fn(&mut Cx<'_>, &mut M) -> T + Send + Sync>;
type Condition<M> = Box<dyn Fn(&Cx<'_>, &M) -> bool + Send + Sync>;

/// Where a menu goes.
///
/// ```
/// use meadow_world::Goto;
/// assert_eq!(Goto::from("start"), Goto::Node("start".into()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goto {
    /// To a node.
    Node(Cow<'static, str>),
    /// To the same node: it is shown again.
    Again,
    /// Nowhere: the menu is over.
    End,
}

impl From<&'static str> for Goto {
    fn from(node: &'static str) -> Goto {
        Goto::Node(node.into())
    }
}

impl From<String> for Goto {
    fn from(node: String) -> Goto {
        Goto::Node(node.into())
    }
}

/// The nodes of a menu: what [`Menu::nodes`](crate::Menu::nodes) fills.
///
/// ```
/// # use meadow_world::{Goto, Menu, Nodes, say};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct Guard { name: String }
/// # impl Menu for Guard {
/// #     const NAME: &'static str = "guard";
/// fn nodes(menu: &mut Nodes<Guard>) {
///     menu.node("start", "\"Who goes there?\"").input(|cx, guard| {
///         guard.name = cx.args.clone();
///         Ok(Goto::from("known"))
///     });
///     menu.node_with("known", |_, guard| format!("\"Pass, {}.\"", guard.name));
/// }
/// # }
/// # meadow_world::WorldBuilder::new("A game").menu::<Guard>();
/// ```
pub struct Nodes<M>(pub(super) Vec<Node<M>>);

impl<M> Nodes<M> {
    /// A node that always says the same (markup).
    pub fn node(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        text: impl Into<Cow<'static, str>>,
    ) -> &mut Node<M> {
        self.add(name.into(), Text::Fixed(text.into()))
    }

    /// A node whose text (markup) is made when it is shown.
    pub fn node_with(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        text: impl Fn(&mut Cx<'_>, &mut M) -> String + Send + Sync + 'static,
    ) -> &mut Node<M> {
        self.add(name.into(), Text::Made(Box::new(text)))
    }

    fn add(&mut self, name: Word, text: Text<M>) -> &mut Node<M> {
        self.0.push(Node { name, text, help: None, choices: Vec::new() });
        self.0.last_mut().expect("one has just been added")
    }
}

/// A place in a menu: a text, and what the player may choose there. A node without choices ends the menu.
///
/// Choices are numbered in the order in which they are shown, unless they have keys. `key`, `desc`, `when`, `run` and
/// `like` say more of the choice before them.
///
/// ```
/// # use meadow_world::{Goto, Menu, Nodes, say};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct Guard { bribed: bool }
/// # impl Menu for Guard {
/// #     const NAME: &'static str = "guard";
/// fn nodes(menu: &mut Nodes<Guard>) {
///     menu.node("start", "The guard bars the way.")
///         .help("Guards are poor.")
///         .choice("Here is a coin.", Goto::Again)
///         .key("pay")
///         .when(|_, guard| !guard.bribed)
///         .run(|_, guard| {
///             guard.bribed = true;
///             Ok(())
///         })
///         .choice_by("Let me pass.", |_, guard| {
///             if guard.bribed { Ok(Goto::End) } else { Err(say("\"No.\"")) }
///         })
///         .input_to(Goto::Again)
///         .like("please*");
/// }
/// # }
/// # meadow_world::WorldBuilder::new("A game").menu::<Guard>();
/// ```
pub struct Node<M> {
    pub(super) name: Word,
    text: Text<M>,
    help: Option<Word>,
    pub(super) choices: Vec<Choice<M>>,
}

enum Text<M> {
    Fixed(Word),
    Made(Made<M, String>),
}

impl<M> Text<M> {
    fn make(&self, cx: &mut Cx<'_>, menu: &mut M) -> String {
        match self {
            Text::Fixed(text) => text.to_string(),
            Text::Made(make) => make(cx, menu),
        }
    }
}

/// `key`, `desc`, `when`, `run` and `like` panic where there is no choice before them: a mistake that shows at the first
/// start.
impl<M> Node<M> {
    /// Adds a choice with its description (markup), and where it leads.
    pub fn choice(&mut self, desc: impl Into<Cow<'static, str>>, to: impl Into<Goto>) -> &mut Node<M> {
        self.add(Some(Text::Fixed(desc.into())), To::Fixed(to.into()))
    }

    /// Adds a choice that decides where it leads when it is taken.
    pub fn choice_by(
        &mut self,
        desc: impl Into<Cow<'static, str>>,
        to: impl Fn(&mut Cx<'_>, &mut M) -> Result<Goto> + Send + Sync + 'static,
    ) -> &mut Node<M> {
        self.add(Some(Text::Fixed(desc.into())), To::Made(Box::new(to)))
    }

    /// Takes whatever is typed that fits nothing else: it is in `cx.args` (Evennia's `_default`). It is not shown.
    pub fn input(
        &mut self,
        to: impl Fn(&mut Cx<'_>, &mut M) -> Result<Goto> + Send + Sync + 'static,
    ) -> &mut Node<M> {
        self.add(None, To::Made(Box::new(to)))
    }

    /// As [`Node::input`], and always leads to the same.
    pub fn input_to(&mut self, to: impl Into<Goto>) -> &mut Node<M> {
        self.add(None, To::Fixed(to.into()))
    }

    fn add(&mut self, desc: Option<Text<M>>, to: To<M>) -> &mut Node<M> {
        self.choices.push(Choice { keys: Vec::new(), desc, when: None, run: None, to, pattern: None });
        self
    }

    /// The choice is made by this word instead of a number; the first of several is the one that is shown.
    pub fn key(&mut self, key: impl Into<Cow<'static, str>>) -> &mut Node<M> {
        self.last().keys.push(key.into());
        self
    }

    /// Makes the description of the choice when it is shown (markup).
    pub fn desc(
        &mut self,
        desc: impl Fn(&mut Cx<'_>, &mut M) -> String + Send + Sync + 'static,
    ) -> &mut Node<M> {
        self.last().desc = Some(Text::Made(Box::new(desc)));
        self
    }

    /// The choice is there only when this is true.
    pub fn when(&mut self, when: impl Fn(&Cx<'_>, &M) -> bool + Send + Sync + 'static) -> &mut Node<M> {
        self.last().when = Some(Box::new(when));
        self
    }

    /// Does something when the choice is taken, before the menu goes on (Evennia's `exec`). An error keeps it from
    /// going on.
    pub fn run(
        &mut self,
        run: impl Fn(&mut Cx<'_>, &mut M) -> Result + Send + Sync + 'static,
    ) -> &mut Node<M> {
        self.last().run = Some(Box::new(run));
        self
    }

    /// The input takes only what looks like this, whatever the case; `*` stands for anything.
    pub fn like(&mut self, pattern: impl Into<Cow<'static, str>>) -> &mut Node<M> {
        self.last().pattern = Some(pattern.into());
        self
    }

    fn last(&mut self) -> &mut Choice<M> {
        let name = &self.name;
        self.choices.last_mut().unwrap_or_else(|| panic!("the node {name} of a menu has no choice yet"))
    }

    /// What `help` says in this node (markup), in place of how to use a menu.
    pub fn help(&mut self, help: impl Into<Cow<'static, str>>) -> &mut Node<M> {
        self.help = Some(help.into());
        self
    }

    pub(super) fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }

    pub(super) fn text(&self, cx: &mut Cx<'_>, menu: &mut M) -> String {
        self.text.make(cx, menu)
    }

    /// From where to where its choices lead, as far as that is known beforehand.
    pub(super) fn ways(&self) -> impl Iterator<Item = (&str, &str)> {
        self.choices.iter().filter_map(|choice| match &choice.to {
            To::Fixed(Goto::Node(node)) => Some((&*self.name, &**node)),
            _ => None,
        })
    }
}

/// Something that a player may choose in a node, or type there.
pub(super) struct Choice<M> {
    pub(super) keys: Vec<Word>,
    /// None for an input.
    desc: Option<Text<M>>,
    when: Option<Condition<M>>,
    run: Option<Made<M, Result>>,
    to: To<M>,
    /// For an input: what it has to look like, with `*` for anything.
    pub(super) pattern: Option<Word>,
}

enum To<M> {
    Fixed(Goto),
    Made(Made<M, Result<Goto>>),
}

impl<M> Choice<M> {
    pub(super) fn is_there(&self, cx: &Cx<'_>, menu: &M) -> bool {
        self.when.as_ref().is_none_or(|when| when(cx, menu))
    }

    /// What is shown of it; nothing of an input.
    pub(super) fn shown(&self, cx: &mut Cx<'_>, menu: &mut M) -> Option<String> {
        self.desc.as_ref().map(|desc| desc.make(cx, menu))
    }

    pub(super) fn is_input(&self) -> bool {
        self.desc.is_none()
    }

    /// Takes it.
    pub(super) fn take(&self, cx: &mut Cx<'_>, menu: &mut M) -> Result<Goto> {
        if let Some(run) = &self.run {
            run(cx, menu)?;
        }
        match &self.to {
            To::Fixed(to) => Ok(to.clone()),
            To::Made(make) => make(cx, menu),
        }
    }
}
