//! `write`: opens the line editor. A [`GuestBook`](crate::typeclasses::GuestBook) brings the command along; see `draw.rs`.

use meadow::{Editor, Time, prelude::*};
use serde::{Deserialize, Serialize};

use crate::typeclasses::{GuestBook, Page};

/// Registers what the editor edits, and what is said where there is no book. Called by [`register`](super::register).
pub(super) fn register(world: &mut WorldBuilder) {
    world.editor::<PageEditor>().command(For::Character, CmdNoBook);
}

/// `write [in BOOK]`
pub struct CmdWrite;

impl Command for CmdWrite {
    const META: Meta = Meta {
        key: "write",
        aliases: &["sign"],
        help: "write in a guest book\n\nUsage:\n  write\n\nWhat you type then is written line by line; |w:wq|n saves \
               it and puts the pencil down, |w:q!|n leaves the page empty, |w:h|n tells more.",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let book = cx.obj.ok_or_else(|| bug("no book brings this command along"))?;
        cx.msg("You take the pencil. What you type now is written, line by line: |w:wq|n saves it and puts the pencil down, \
                |w:q!|n leaves the page empty.");
        let begun = cx.world.now();
        cx.edit(PageEditor { book, begun }, "")
    }
}

/// `write` where there is no book.
pub struct CmdNoBook;

impl Command for CmdNoBook {
    const META: Meta = CmdWrite::META;
    type Args = ();

    fn func(&self, _cx: &mut Cx<'_>, (): ()) -> Result {
        Err(say("There is nothing here that you could write in."))
    }
}

/// Somebody who writes a page.
#[derive(Debug, Serialize, Deserialize)]
pub struct PageEditor {
    book: ObjectId,
    begun: Time,
}

impl Editor for PageEditor {
    const NAME: &'static str = "page of a guest book";

    fn title(&self, _world: &World) -> String {
        "a page of the guest book".to_owned()
    }

    /// What players typed is no markup.
    fn save(&mut self, cx: &mut Cx<'_>, text: &str) -> Result {
        if !cx.world.exists(self.book) {
            return Err(say("The book is gone."));
        }
        let by = cx.caller_name()?;
        let text = escape(text.trim()).into_owned();
        GuestBook::write(cx.world, self.book, Page { begun: self.begun, by, text })
    }
}
