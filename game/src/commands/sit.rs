//! `sit`: what there is to sit on is an attribute of the place, so a builder makes a seat with
//! `@set here/seat = on the bench`.

use meadow::prelude::*;

/// `sit [[down] on SEAT]`
pub struct CmdSit;

impl Command for CmdSit {
    const META: Meta = Meta {
        key: "sit",
        aliases: &["rest"],
        help: "sit down for a while, where there is something to sit on\n\nUsage:\n  sit\n  sit on <seat>",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, wish: Option<String>) -> Result {
        let caller = cx.caller()?;
        let here = cx.location()?;
        let Some(seat) = cx.world[here].db.str("seat").map(str::to_owned) else {
            return Err(say("There is nothing here to sit on."));
        };
        // "sit down on the bench" and "sit bench" are the same wish.
        let is_said = |word: &str| matches!(word, "down" | "on" | "in" | "against" | "a" | "an" | "the");
        let wish = wish.unwrap_or_default().to_lowercase();
        let strange = |word: &str| !is_said(word) && seat.split_whitespace().all(|known| known != word);
        if wish.split_whitespace().any(strange) {
            return Err(say(format!("You can't sit there. You could sit {seat}.")));
        }
        cx.world.act(caller, "$You() $conj(sit) down {seat} for a while.").with("seat", &*seat).to_room();
        Ok(())
    }
}
