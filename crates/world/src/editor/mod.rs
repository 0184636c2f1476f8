//! The line editor, as Evennia's EvEditor: descriptions, help entries, notes, line by line and with commands that begin
//! with `:`. What is written survives a reload and a crash.
//!
//! | file | what |
//! |---|---|
//! | `buffer` | the lines, with undo and redo, within their limits |
//! | `line` | what a line that is typed means |
//! | `session` | somebody who is editing: saving, leaving, what was left unsaved |
//! | `commands` | the commands that change lines |
//! | `fill` | filling and justifying paragraphs |
//! | `view` | what is shown |
//! | `attribute` | an editor for attributes of objects |
//!
//! # Adding one
//!
//! A type that implements [`Editor`], one `world.editor::<NoteEditor>()` line in the game's setup, and
//! `cx.edit(NoteEditor { .. }, &text)?` where it begins.

mod attribute;
mod buffer;
mod commands;
mod fill;
mod line;
mod session;
mod view;

pub use attribute::AttributeEditor;
pub use buffer::{EDITOR_BYTES, EDITOR_LINES, EDITOR_UNDO_BYTES, EDITOR_UNDOS};

use serde::{Serialize, de::DeserializeOwned};

use crate::{Cx, Result, World, setup::WorldBuilder};

use session::Editing;

/// What is edited, and what becomes of it. The type is its state, which is kept over a reload together with the text.
///
/// ```
/// use meadow_world::{Cx, Editor, ObjectId, Result, World, WorldBuilder, say, text};
/// use serde::{Deserialize, Serialize};
///
/// /// Writes on a sheet of paper.
/// #[derive(Serialize, Deserialize)]
/// struct Sheet {
///     paper: ObjectId,
/// }
///
/// impl Editor for Sheet {
///     const NAME: &'static str = "sheet";
///
///     fn title(&self, _world: &World) -> String {
///         "a sheet of paper".to_owned()
///     }
///
///     fn save(&mut self, cx: &mut Cx<'_>, text: &str) -> Result {
///         let Some(paper) = cx.world.object_mut(self.paper) else {
///             return Err(say("The paper is gone."));
///         };
///         // What players write is no markup.
///         paper.db.set("written", text::escape(text))?;
///         Ok(())
///     }
/// }
///
/// // In the game's setup:
/// WorldBuilder::new("A game").editor::<Sheet>();
///
/// // In the command `write`:
/// fn write(cx: &mut Cx<'_>, paper: ObjectId) -> Result {
///     cx.edit(Sheet { paper }, "")
/// }
/// ```
///
/// # Commands
///
/// Those of EvEditor: `:` and `::` (show), `:::` (a line that begins with a colon), `:h`, `:w`, `:wq`, `:q`, `:q!`, `:u`,
/// `:uu`, `:UU`, `:dd`, `:dw`, `:DD`, `:y`, `:x`, `:p`, `:i`, `:r`, `:I`, `:A`, `:s`, `:j`, `:f`, `:fi`, `:fd`, `:echo`,
/// and `:<`, `:>`, `:=` for the indentation of new lines. `:!`, which runs the text as code, is not there.
///
/// # Limits
///
/// A text has up to [`EDITOR_BYTES`](crate::EDITOR_BYTES) bytes and [`EDITOR_LINES`](crate::EDITOR_LINES) lines; what goes
/// beyond them is refused, and nothing is changed. Up to there, everything is kept over a reload, the last
/// [`EDITOR_UNDOS`](crate::EDITOR_UNDOS) changes included. When the connection ends or the body is left, the unsaved text is
/// kept with the account (the last one only), and is there again when the same is edited.
pub trait Editor: Serialize + DeserializeOwned + 'static {
    /// The name of this kind. No two conversations of a game may have the same.
    const NAME: &'static str;

    /// What is being edited (markup). It tells unsaved texts of one kind apart.
    fn title(&self, world: &World) -> String;

    /// Saves the text: as it was typed, with line feeds between the lines. Where its writer may not use markup, it has
    /// to be escaped.
    ///
    /// # Errors
    /// What [`say`](crate::say) makes is told to the player, who goes on editing.
    fn save(&mut self, cx: &mut Cx<'_>, text: &str) -> Result;

    /// The player leaves the editor.
    ///
    /// # Errors
    /// What [`say`](crate::say) makes is told to the player.
    fn quit(&mut self, cx: &mut Cx<'_>) -> Result {
        cx.msg("You leave the line editor.");
        Ok(())
    }
}

impl WorldBuilder {
    /// Registers an editor.
    ///
    /// # Panics
    /// Another conversation has its name.
    pub fn editor<E: Editor>(&mut self) -> &mut Self {
        self.conversation::<Editing<E>>()
    }
}

impl Cx<'_> {
    /// Opens the line editor on a text.
    ///
    /// # Errors
    /// The text is too long for it; or as for [`Cx::begin`].
    pub fn edit<E: Editor>(&mut self, editor: E, text: &str) -> Result {
        let editing = Editing::open(self, editor, text)?;
        self.begin(editing)
    }
}

pub(crate) fn register(builder: &mut WorldBuilder) {
    builder.editor::<AttributeEditor>();
}
