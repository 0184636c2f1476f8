//! Somebody who is editing: hands lines to the buffer and commands to `commands`, saves, leaves, and keeps with the
//! account what was left unsaved.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Conversation, Cx, Ended, Next, Result, say, text::escape};

use super::{
    Editor,
    buffer::{Buffer, lines_of},
    line::{Args, Line},
    view,
};

/// Attribute of an account: the last text that it left unsaved.
const UNSAVED: &str = "_unsaved_text";
/// Asked of whoever leaves a text that is not saved.
const SAVE_FIRST: &str = "Save before you leave? [Y]/N? ";
/// Deepest indentation of new lines.
const INDENT_LIMIT: usize = 10;
/// Columns of one step of it.
pub(super) const INDENT: &str = "    ";

/// Somebody who is editing.
#[derive(Serialize, Deserialize)]
#[serde(bound(serialize = "E: Serialize", deserialize = "E: DeserializeOwned"))]
pub(crate) struct Editing<E> {
    editor: E,
    title: String,
    pub(super) buffer: Buffer,
    pub(super) original: Vec<String>,
    pub(super) copied: Vec<String>,
    /// Whether the buffer differs from what is saved.
    unsaved: bool,
    /// Whether the buffer begins with what was left unsaved another time.
    restored: bool,
    echo: bool,
    indent: usize,
    /// Whether the player has been asked if they want to save before they leave.
    asked: bool,
}

/// A text that was left unsaved.
#[derive(Serialize, Deserialize)]
struct Unsaved {
    editor: String,
    title: String,
    text: String,
}

impl<E: Editor> Editing<E> {
    pub(super) fn open(cx: &mut Cx<'_>, editor: E, text: &str) -> Result<Editing<E>> {
        let title = editor.title(cx.world);
        let mut buffer = Buffer::new(text)?;
        let original = buffer.lines().to_vec();
        let restored = left_behind(cx, E::NAME, &title).is_some_and(|left| {
            let differs = left != text;
            differs && buffer.replace(0..buffer.len(), lines_of(&left)).is_ok()
        });
        let (unsaved, copied) = (restored, Vec::new());
        Ok(Editing {
            editor,
            title,
            buffer,
            original,
            copied,
            unsaved,
            restored,
            echo: true,
            indent: 0,
            asked: false,
        })
    }

    fn show(&self, cx: &mut Cx<'_>) {
        cx.msg(view::framed(&self.title, self.buffer.lines(), 0..self.buffer.len()));
    }

    fn add(&mut self, cx: &mut Cx<'_>, text: &str) -> Result {
        let end = self.buffer.len();
        let indent = INDENT.repeat(self.indent);
        let new: Vec<String> =
            text.split('\n').map(|line| format!("{indent}{line}").trim_end().to_owned()).collect();
        self.change(|buffer| buffer.replace(end..end, new))?;
        if self.echo {
            cx.msg(view::numbered(self.buffer.lines(), end..self.buffer.len()));
        }
        Ok(())
    }

    /// Changes the text.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Buffer) -> Result) -> Result {
        change(&mut self.buffer)?;
        self.unsaved = true;
        Ok(())
    }

    fn save(&mut self, cx: &mut Cx<'_>) -> Result {
        self.editor.save(cx, &self.buffer.text())?;
        self.unsaved = false;
        forget(cx, E::NAME, &self.title);
        cx.msg("Saved.");
        Ok(())
    }

    fn leave(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        self.unsaved = false;
        forget(cx, E::NAME, &self.title);
        self.editor.quit(cx)?;
        Ok(Next::End)
    }

    fn command(&mut self, cx: &mut Cx<'_>, name: &str, args: &str) -> Result<Next> {
        match name {
            "w" => self.save(cx)?,
            "wq" => {
                self.save(cx)?;
                return self.leave(cx);
            }
            "q!" => return self.leave(cx),
            "q" if !self.unsaved => return self.leave(cx),
            "q" => {
                self.asked = true;
                cx.msg(meadow_link::prompt(SAVE_FIRST));
            }
            "h" => cx.page(view::HELP),
            "echo" => {
                self.echo = !self.echo;
                cx.msg(format!(
                    "What you type is {}shown with its number.",
                    if self.echo { "" } else { "not " }
                ));
            }
            ">" | "<" | "=" => {
                self.indent = match name {
                    ">" => (self.indent + 1).min(INDENT_LIMIT),
                    "<" => self.indent.saturating_sub(1),
                    _ => 0,
                };
                cx.msg(format!("New lines are indented by {}.", self.indent * INDENT.len()));
            }
            _ => {
                let args = Args::read(args, self.buffer.len())?;
                let told = self.edit(name, &args)?;
                cx.msg(
                    told.unwrap_or_else(|| view::framed(&self.title, self.buffer.lines(), self.lines(&args))),
                );
            }
        }
        Ok(Next::Stay)
    }

    /// The player was asked whether to save.
    fn answer(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        self.asked = false;
        match cx.raw.to_lowercase().as_str() {
            "" | "y" | "yes" => {
                self.save(cx)?;
                self.leave(cx)
            }
            "n" | "no" => self.leave(cx),
            _ => Err(say("You go on editing. |w:wq|n saves and leaves, |w:q!|n leaves without saving.")),
        }
    }
}

impl<E: Editor> Conversation for Editing<E> {
    const NAME: &'static str = E::NAME;

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        self.show(cx);
        if self.restored {
            cx.msg("This is what you had not saved when you were gone. |w:UU|n goes back to the text that is saved.");
        }
        Ok(Next::Stay)
    }

    fn line(&mut self, cx: &mut Cx<'_>, typed: &str) -> Result<Next> {
        if self.asked {
            return self.answer(cx);
        }
        match Line::read(typed.trim_end()) {
            Line::Text(text) => self.add(cx, text).map(|()| Next::Stay),
            Line::Command(name, args) => self.command(cx, name, args),
        }
    }

    fn resume(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        cx.msg(format!("You are editing {}|n (:h for help).", self.title));
        if self.asked {
            cx.msg(meadow_link::prompt(SAVE_FIRST));
        }
        Ok(Next::Stay)
    }

    fn end(self, cx: &mut Cx<'_>, why: Ended) -> Result {
        if why == Ended::Itself || !self.unsaved {
            return Ok(());
        }
        let Some(account) = cx.account.and_then(|account| cx.world.account_mut(account)) else {
            return Ok(());
        };
        let (editor, text) = (E::NAME.to_owned(), self.buffer.text());
        account.db.set(UNSAVED, Unsaved { editor, title: self.title, text })?;
        cx.msg("What you have not saved is kept until you edit it again.");
        Ok(())
    }
}

/// What the player has left unsaved of this.
fn left_behind(cx: &Cx<'_>, editor: &str, title: &str) -> Option<String> {
    let unsaved: Unsaved = cx.world.account(cx.account?)?.db.get(UNSAVED)?;
    (unsaved.editor == editor && unsaved.title == title).then_some(unsaved.text)
}

fn forget(cx: &mut Cx<'_>, editor: &str, title: &str) {
    if left_behind(cx, editor, title).is_some()
        && let Some(account) = cx.account.and_then(|account| cx.world.account_mut(account))
    {
        account.db.remove(UNSAVED);
    }
}

/// What is said of a command that is none.
pub(super) fn unknown(name: &str) -> crate::Stop {
    say(format!(
        "There is no editor command ':{}'; |w:h|n lists them. A line that begins with a colon is typed with three.",
        escape(name)
    ))
}
