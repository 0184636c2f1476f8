//! Menus: a branching dialogue as data and functions, as Evennia's EvMenu has them. A menu is a [`Conversation`], so it
//! survives a reload with the node that it is at and its state.
//!
//! | file | what |
//! |---|---|
//! | `node` | nodes and choices: what a menu is written with |
//! | `walk` | a menu that somebody is in |
//! | `template` | nodes written as a text |
//!
//! # Adding one
//!
//! A type that implements [`Menu`], one `world.menu::<Smith>()` line in the game's setup, and `cx.menu(Smith)` or
//! `cx.menu_about(smith, Smith)` where it begins.

mod node;
mod template;
mod walk;

pub use node::{Goto, Node, Nodes};

use std::{any::TypeId, collections::HashMap, sync::Arc};

use meadow_link::SessionId;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Cx, Ended, Next, ObjectId, Result, World, bug, setup::WorldBuilder};

use walk::Walk;

/// A branching dialogue. The type is its state, which the functions of its nodes may change; it is written after each
/// line.
///
/// ```
/// use meadow_world::{Cx, Goto, Menu, Nodes, ObjectId, Result, WorldBuilder, say};
/// use serde::{Deserialize, Serialize};
///
/// /// A smith who talks, and can be beaten down.
/// #[derive(Serialize, Deserialize)]
/// struct Smith {
///     price: u32,
/// }
///
/// impl Menu for Smith {
///     const NAME: &'static str = "smith";
///
///     fn nodes(menu: &mut Nodes<Smith>) {
///         menu.node("start", "The smith looks up. \"Well?\"")
///             .choice("I want a sword.", "sword")
///             .choice("Goodbye.", Goto::End)
///             .key("bye");
///         menu.node_with("sword", |_, smith| format!("\"That will be {} coins.\"", smith.price))
///             .choice("That is too much!", Goto::Again)
///             .when(|_, smith| smith.price > 10)
///             .run(|_, smith| {
///                 smith.price -= 5;
///                 Ok(())
///             })
///             .choice("Engrave something on it.", "name")
///             .choice("Let's begin again.", "start");
///         menu.node("name", "\"What shall it say?\"").input(|cx, _| {
///             if cx.args.is_empty() {
///                 return Err(say("\"Speak up!\""));
///             }
///             cx.msg(format!("The smith hammers '{}' into a blade.", cx.args));
///             Ok(Goto::End)
///         });
///     }
/// }
///
/// // In the game's setup:
/// let mut world = WorldBuilder::new("A game");
/// world.menu::<Smith>();
///
/// // In the command `talk`:
/// fn talk(cx: &mut Cx<'_>, smith: ObjectId) -> Result {
///     cx.menu_about(smith, Smith { price: 20 })
/// }
/// ```
///
/// Functions get the [`Cx`] of the player's line (`cx.args`, `cx.raw`), with what the menu is about in `cx.obj`, and the
/// state.
pub trait Menu: Serialize + DeserializeOwned + 'static {
    /// The name of the menu. No two conversations of a game may have the same.
    const NAME: &'static str;

    /// The node that it begins with.
    const START: &'static str = "start";

    /// The words that leave it, whatever the node; none if it can't be left (Evennia's `auto_quit`).
    const QUIT: &'static [&'static str] = &["quit", "q", "abort"];

    /// What is done with a line that fits nothing here. With [`Next::Stay`] the player is told so, and what can be chosen;
    /// with [`Next::Pass`] it runs as a command, and the menu stays; with [`Next::Leave`] it runs as a command and the menu
    /// is over. What is no command either is as with `Stay`.
    const OTHER: Next = Next::Stay;

    /// Its nodes: called once, at the start.
    fn nodes(menu: &mut Nodes<Self>);

    /// It is over (Evennia's `cmd_on_exit`).
    ///
    /// # Errors
    /// What [`say`](crate::say) makes is told to the player.
    fn ended(self, cx: &mut Cx<'_>, why: Ended) -> Result {
        let _ = (cx, why);
        Ok(())
    }
}

/// The nodes of a menu, by name.
type ByName<M> = HashMap<Box<str>, Node<M>>;

impl WorldBuilder {
    /// Registers a menu.
    ///
    /// # Panics
    /// Two of its nodes have the same name, a choice leads to a node that is not there, or another conversation has its
    /// name: mistakes that show at the first start.
    pub fn menu<M: Menu>(&mut self) -> &mut Self {
        let mut made = Nodes(Vec::new());
        M::nodes(&mut made);
        let mut nodes: ByName<M> = HashMap::new();
        for node in made.0 {
            let name = node.name.clone();
            let before = nodes.insert((*name).into(), node);
            assert!(before.is_none(), "the menu {} has two nodes {name}", M::NAME);
        }
        assert!(nodes.contains_key(M::START), "the menu {} has no node {}", M::NAME, M::START);
        for (from, to) in nodes.values().flat_map(Node::ways) {
            assert!(
                nodes.contains_key(to),
                "the node {from} of the menu {} leads to {to}, which it has not",
                M::NAME
            );
        }
        self.game.menus.insert(TypeId::of::<M>(), Arc::new(nodes));
        self.conversation::<Walk<M>>()
    }
}

impl Cx<'_> {
    /// Begins a menu: it takes the player's lines from now on.
    ///
    /// # Errors
    /// As for [`Cx::begin`].
    pub fn menu<M: Menu>(&mut self, menu: M) -> Result {
        let session = self.session()?;
        self.world.begin_menu(session, None, menu)
    }

    /// As [`Cx::menu`], with or about an object: somebody who talks, a thing that is operated. When the object is gone
    /// the menu is over; if it was where the player is, or carried, also when it is not there any more.
    ///
    /// # Errors
    /// As for [`Cx::begin`].
    pub fn menu_about<M: Menu>(&mut self, object: ObjectId, menu: M) -> Result {
        let session = self.session()?;
        self.world.begin_menu(session, Some(object), menu)
    }
}

/// Menus.
impl World {
    /// As [`Cx::menu`] and [`Cx::menu_about`], for a session.
    ///
    /// ```
    /// # use meadow_world::*;
    /// # use meadow_link::SessionId;
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct Welcome;
    /// # impl Menu for Welcome {
    /// #     const NAME: &'static str = "welcome";
    /// #     fn nodes(menu: &mut Nodes<Welcome>) { menu.node("start", "Hello."); }
    /// # }
    /// # struct Traveller;
    /// # impl AccountTypeclass for Traveller {
    /// fn at_post_login(&self, world: &mut World, me: AccountId, session: SessionId) -> Result {
    ///     self.base().at_post_login(world, me, session)?;
    ///     world.begin_menu(session, None, Welcome)
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Cx::begin`].
    pub fn begin_menu<M: Menu>(&mut self, session: SessionId, about: Option<ObjectId>, menu: M) -> Result {
        let body = self.session(session).and_then(|session| session.puppet());
        let walk = Walk::new(self, body, about, menu);
        self.begin(session, walk)
    }

    fn nodes_of<M: Menu>(&self) -> Result<Arc<ByName<M>>> {
        let nodes = self.game.menus.get(&TypeId::of::<M>()).cloned();
        nodes
            .and_then(|nodes| nodes.downcast().ok())
            .ok_or_else(|| bug(format!("the menu {} is not registered", M::NAME)))
    }
}
