//! The window that a text has to fit into. Commands ask for it before they draw a table.

use meadow_link::{Flag, Flags, SessionId};

use crate::{Cx, Receiver, ServerSession, World};

/// How something is to be drawn for whoever reads it.
///
/// ```
/// use meadow_world::{Cx, Result, Screen, text::columns};
///
/// fn func(cx: &mut Cx<'_>, _: ()) -> Result {
///     let listed = columns(["apple", "fig", "pear"], cx.screen());
///     cx.msg(listed);
///     Ok(())
/// }
///
/// assert_eq!(Screen::default(), Screen::wide(78));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Screen {
    /// Columns of the window. `SCREENWIDTH`.
    pub width: usize,
    /// Whether it is read aloud, so that tables and columns are told one thing after the other. `SCREENREADER`.
    pub reader: bool,
}

impl Screen {
    /// A window of so many columns, which is looked at.
    pub fn wide(width: usize) -> Screen {
        Screen { width, reader: false }
    }
}

/// As wide as clients are that do not say it (Evennia's `CLIENT_DEFAULT_WIDTH`).
impl Default for Screen {
    fn default() -> Screen {
        Screen::of(&Flags::default())
    }
}

impl Screen {
    fn of(flags: &Flags) -> Screen {
        Screen { width: usize::from(flags.screenwidth), reader: flags.has(Flag::Screenreader) }
    }

    /// A window in which both can read it.
    fn and(self, other: Screen) -> Screen {
        Screen { width: self.width.min(other.width), reader: self.reader || other.reader }
    }
}

/// The windows of those who are told something.
impl World {
    /// The window of whoever is told something: of several sessions the narrowest, and read aloud if one of them is.
    /// The default, if nobody hears it.
    pub fn screen_of(&self, to: impl Into<Receiver>) -> Screen {
        let sessions: &[SessionId] = match to.into() {
            Receiver::Session(id) => return self.session(id).map(ServerSession::screen).unwrap_or_default(),
            Receiver::Account(id) => self.account(id).map_or(&[], |account| account.sessions()),
            Receiver::Object(id) => self.object(id).map_or(&[], |object| object.sessions()),
        };
        let screens = sessions.iter().filter_map(|id| self.session(*id)).map(ServerSession::screen);
        screens.reduce(Screen::and).unwrap_or_default()
    }

    /// How many columns whoever is told something has; see [`World::screen_of`].
    ///
    /// ```
    /// # use meadow_world::{ObjectId, World, text};
    /// fn tell_centred(world: &mut World, body: ObjectId, title: &str) {
    ///     let width = world.width_of(body);
    ///     world.msg(body, text::pad(title, width, text::Align::Center));
    /// }
    /// ```
    pub fn width_of(&self, to: impl Into<Receiver>) -> usize {
        self.screen_of(to).width
    }
}

impl ServerSession {
    /// Its window.
    pub fn screen(&self) -> Screen {
        Screen::of(&self.flags)
    }
}

impl Cx<'_> {
    /// The window of whoever [`Cx::msg`] reaches.
    pub fn screen(&self) -> Screen {
        match (self.session, self.puppet) {
            (Some(session), _) => self.world.screen_of(session),
            (None, Some(puppet)) => self.world.screen_of(puppet),
            (None, None) => Screen::default(),
        }
    }
}
