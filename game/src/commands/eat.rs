//! `eat`: one sentence that reads right for everybody, see [`text::funcs`](meadow::text::funcs).

use meadow::prelude::*;

use crate::vitals;

/// `eat THING`
pub struct CmdEat;

impl Command for CmdEat {
    const META: Meta = Meta {
        key: "eat",
        aliases: &["bite", "taste"],
        help: "eat something that you carry, which may do you good\n\nUsage:\n  eat <thing>",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = Held;

    /// How much good it does is its attribute `heals`.
    fn func(&self, cx: &mut Cx<'_>, Held(food): Held) -> Result {
        let caller = cx.caller()?;
        let heals: Option<u32> = cx.world[food].db.get("heals");
        let heals = heals.ok_or_else(|| say("That is not for eating."))?;
        cx.world
            .act(caller, "$You() $conj(eat) $obj(food), and $conj(lick) $pron(your) fingers.")
            .with("food", food)
            .to_room();
        cx.world.destroy(food)?;
        let before = vitals::vitals(cx.world, caller);
        vitals::heal(cx.world, caller, heals)?;
        if before.hp < before.maxhp {
            cx.msg("That does you good.");
        }
        Ok(())
    }
}
