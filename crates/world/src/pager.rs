//! The pager: long texts by the height of the client's window, as Evennia's EvMore shows them. Whoever has a long text
//! to show hands it to `cx.page`.

use meadow_link::{CommandTuple, Flag, SessionId};
use serde::{Deserialize, Serialize};

use crate::{
    Belongs, Conversation, Cx, Next, Result, World,
    setup::WorldBuilder,
    text::{command_link, width},
};

/// Lines of the window that a page leaves free, for the line below it and what is typed there.
const FREE_ROWS: usize = 4;
/// Rows of the shortest page.
const FEWEST_ROWS: usize = 4;
/// Rows of a page for those who have it read to them: all of it, unless it is far too long.
pub const SCREENREADER_ROWS: usize = 500;

pub(crate) fn register(builder: &mut WorldBuilder) {
    builder.conversation::<Pager>();
}

impl Cx<'_> {
    /// Tells whoever typed the command something that may be long. If it does not fit on their screen, they get it by
    /// pages: `n` or an empty line for the next, `p` or `b` for the one before, `t` and `e` for the first and the last,
    /// `q` or `a` to leave; anything else leaves, too, and is a command. It goes on over a reload.
    ///
    /// A screen reader gets up to [`SCREENREADER_ROWS`](crate::SCREENREADER_ROWS) lines at once. A client that has never
    /// said how high its window is counts as one of 45 lines.
    ///
    /// ```
    /// # use meadow_world::{Cx, Result};
    /// fn func(cx: &mut Cx<'_>) -> Result {
    ///     let story: Vec<String> = (1..100).map(|line| format!("Line {line} of a long story.")).collect();
    ///     cx.page(story.join("\n"));
    ///     Ok(())
    /// }
    /// ```
    pub fn page(&mut self, said: impl Into<CommandTuple>) {
        match self.session {
            Some(session) => self.world.page(session, said),
            None => self.msg(said),
        }
    }
}

/// Long texts, by the height of the window.
impl World {
    /// As [`Cx::page`], for a session.
    pub fn page(&mut self, session: SessionId, said: impl Into<CommandTuple>) {
        let said = said.into();
        let Some(screen) = Screen::of(self, session) else { return };
        let fits = screen.pages(&said.shown()).len() <= 1;
        // Who is in the middle of too many things gets it whole.
        if fits || self.begin(session, Pager { said: said.clone(), at: 0 }).is_err() {
            self.msg(session, said);
        }
    }
}

/// A text that somebody reads.
#[derive(Serialize, Deserialize)]
struct Pager {
    said: CommandTuple,
    /// The line that the page begins with: the window may have another height at the next.
    at: usize,
}

/// Where to turn.
#[derive(Clone, Copy)]
enum Turn {
    Next,
    Back,
    Top,
    End,
}

impl Conversation for Pager {
    const NAME: &'static str = "pager";
    const BELONGS: Belongs = Belongs::Session;

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        self.turn(cx, Turn::Top)
    }

    fn line(&mut self, cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
        let turn = match cx.raw.to_lowercase().as_str() {
            "" | "n" | "next" => Turn::Next,
            "p" | "previous" | "b" | "back" => Turn::Back,
            "t" | "top" => Turn::Top,
            "e" | "end" => Turn::End,
            "q" | "quit" | "a" | "abort" => return Ok(leave(cx)),
            _ => return Ok(Next::Leave),
        };
        self.turn(cx, turn)
    }

    fn resume(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        self.show(cx)
    }
}

fn leave(cx: &mut Cx<'_>) -> Next {
    cx.msg("|xYou leave the pager.|n");
    Next::End
}

impl Pager {
    fn turn(&mut self, cx: &mut Cx<'_>, turn: Turn) -> Result<Next> {
        let (pages, page) = self.pages(cx)?;
        let last = pages.len().saturating_sub(1);
        let page = match turn {
            Turn::Next if page == last => return Ok(leave(cx)),
            Turn::Next => page + 1,
            Turn::Back => page.saturating_sub(1),
            Turn::Top => 0,
            Turn::End => last,
        };
        self.at = pages.get(page).copied().unwrap_or(0);
        self.show(cx)
    }

    /// With which lines the pages begin, and which page this is.
    fn pages(&self, cx: &Cx<'_>) -> Result<(Vec<usize>, usize)> {
        let screen = Screen::of(cx.world, cx.session()?).unwrap_or_default();
        let pages = screen.pages(&self.said.shown());
        let page = pages.iter().rposition(|start| *start <= self.at).unwrap_or(0);
        Ok((pages, page))
    }

    fn show(&self, cx: &mut Cx<'_>) -> Result<Next> {
        let (pages, page) = self.pages(cx)?;
        let text = self.said.shown();
        let end = pages.get(page + 1).copied().unwrap_or(usize::MAX);
        let lines: Vec<&str> = text.lines().take(end).skip(self.at).collect();
        let [next, back, top, last, quit] =
            [("n", "ext"), ("b", "ack"), ("t", "op"), ("e", "nd"), ("q", "uit")]
                .map(|(key, rest)| format!("|w{}|n{rest}", command_link(key, key)));
        let shown = format!(
            "{}|n\n[{}/{}] {next}, {back}, {top}, {last}, {quit}",
            lines.join("\n"),
            page + 1,
            pages.len()
        );
        let mut said = CommandTuple { args: Vec::new(), ..self.said.clone() };
        said.args.push(shown.into());
        cx.msg(said);
        Ok(Next::Stay)
    }
}

/// What fits on a client's screen.
#[derive(Debug, Clone, Copy)]
struct Screen {
    rows: usize,
    columns: usize,
}

impl Default for Screen {
    fn default() -> Screen {
        Screen { rows: SCREENREADER_ROWS, columns: usize::MAX }
    }
}

impl Screen {
    fn of(world: &World, session: SessionId) -> Option<Screen> {
        let flags = &world.session(session)?.flags;
        if flags.has(Flag::Screenreader) {
            return Some(Screen::default());
        }
        let rows = usize::from(flags.screenheight).saturating_sub(FREE_ROWS).max(FEWEST_ROWS);
        Some(Screen { rows, columns: usize::from(flags.screenwidth).max(1) })
    }

    /// With which lines the pages of a text begin.
    fn pages(&self, text: &str) -> Vec<usize> {
        let mut starts = vec![0];
        let mut filled = 0;
        for (at, line) in text.lines().enumerate() {
            let rows = self.rows_of(line);
            if filled > 0 && filled + rows > self.rows {
                starts.push(at);
                filled = 0;
            }
            filled += rows;
        }
        starts
    }

    /// How many rows of the screen a line takes. `|/` in it ends a row.
    fn rows_of(&self, line: &str) -> usize {
        line.split("|/").map(|part| width(part).div_ceil(self.columns).max(1)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_as_high_as_the_screen_and_no_line_is_lost() {
        let screen = Screen { rows: 4, columns: 10 };
        assert_eq!(screen.pages("1\n2\n3\n4"), [0]);
        assert_eq!(screen.pages("1\n2\n3\n4\n5"), [0, 4]);
        assert_eq!(screen.pages("12345678901\n2\n3\n4"), [0, 3], "the first takes two rows");
        let long = "x".repeat(100);
        assert_eq!(
            screen.pages(&format!("{long}\n{long}\n3")),
            [0, 1, 2],
            "a line that is higher than the screen"
        );
        assert_eq!(screen.pages(""), [0]);
    }
}
