//! The guest book: what players write in it is kept in an attribute, as much of it as there is room for.

use meadow::{Time, prelude::*, text::timestamp};
use serde::{Deserialize, Serialize};

use crate::typeclasses::Scenery;

/// How many pages players can fill. The oldest is torn out for a new one.
pub const PAGES: usize = 50;
/// How many characters stand on a page.
pub const PAGE_LENGTH: usize = 1000;

/// A book to read and write in. Attributes: `written`, the pages that were there before; `pages`.
pub struct GuestBook;

/// What one player wrote at one time. The texts are markup, and so what players typed is escaped in them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page {
    /// When its writer opened the book: who saves twice has still written one page.
    pub begun: Time,
    /// Who wrote it.
    pub by: String,
    /// What.
    pub text: String,
}

impl Typeclass for GuestBook {
    fn path(&self) -> &'static str {
        "typeclasses.GuestBook"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Scenery
    }
}

impl GuestBook {
    /// All that stands in it.
    pub fn text(world: &World, book: ObjectId) -> String {
        let mut text = world[book].db.str("written").unwrap_or_default().to_owned();
        for Page { begun, by, text: written } in GuestBook::pages(world, book) {
            text.push_str(&format!("\n\n{}. {written} - {by}", timestamp(begun)));
        }
        text
    }

    /// Writes a page, in place of what its writer has saved of it before.
    ///
    /// # Errors
    /// Says that there is nothing on it, or too much.
    pub fn write(world: &mut World, book: ObjectId, page: Page) -> Result {
        if page.text.trim().is_empty() {
            return Err(say("An empty page says nothing."));
        }
        if page.text.chars().count() > PAGE_LENGTH {
            return Err(say(format!("A page has room for {PAGE_LENGTH} characters.")));
        }
        let mut pages = GuestBook::pages(world, book);
        pages.retain(|known| (known.begun, &known.by) != (page.begun, &page.by));
        pages.push(page);
        let torn_out = pages.len().saturating_sub(PAGES);
        pages.drain(..torn_out);
        world[book].db.set("pages", pages)?;
        Ok(())
    }

    /// The pages that players have filled.
    pub fn pages(world: &World, book: ObjectId) -> Vec<Page> {
        world[book].db.get("pages").unwrap_or_default()
    }
}
