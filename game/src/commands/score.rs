//! `score`: a table, drawn for whatever window there is.

use meadow::prelude::*;

use crate::{story, typeclasses::Character, vitals};

/// `score`
pub struct CmdScore;

impl Command for CmdScore {
    const META: Meta = Meta {
        key: "score",
        aliases: &["sc", "health", "quest", "story"],
        help: "see how you are doing",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let caller = cx.caller()?;
        let health = vitals::vitals(cx.world, caller);
        let rooms =
            cx.world.objects().filter(|object| cx.world.is_a(object.id(), DefaultRoom.path())).count();
        let seen = Character::places_seen(cx.world, caller).len();
        let mut table = Table::new([Column::new(""), Column::right(""), Column::new("")]);
        table
            .add_row(["Health", &format!("{}/{}", health.hp, health.maxhp), vitals::in_words(health)])
            .add_row(["Places", &format!("{seen}/{rooms}"), "|wmap|n shows where you have been"])
            .add_row(["Story", "", story::next_step(cx.world, caller)]);
        let drawn = table.draw(cx.world.screen_of(caller));
        let name = cx.caller_name()?;
        cx.msg(format!("|c{name}|n\n{drawn}"));
        Ok(())
    }
}
