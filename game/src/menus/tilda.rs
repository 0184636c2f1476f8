//! What Tilda has to say. Which choices there are depends on what the player has done, and on what they carry.

use meadow::{Ended, Goto, Menu, Next, Nodes, prelude::*};
use serde::{Deserialize, Serialize};

use crate::{
    story,
    typeclasses::{Key, Rose},
};

/// The talk itself remembers nothing: what matters stands in tags of the player's character.
#[derive(Serialize, Deserialize)]
pub struct Tilda;

impl Menu for Tilda {
    const NAME: &'static str = "tilda";
    /// Who gives a command instead has turned away from her, and does that.
    const OTHER: Next = Next::Leave;

    fn nodes(menu: &mut Nodes<Tilda>) {
        menu.node_with("start", |cx, _| greeting(cx).to_owned())
            .choice("Is something wrong with the garden?", "garden")
            .when(|cx, _| !has(cx, story::PROMISED) && !has(cx, story::BROUGHT))
            .choice("How do I get into the garden?", "key")
            .when(|cx, _| is_on_the_way(cx) && carried(cx, Key::carried_by).is_none())
            .choice("I have the key. What now?", "water")
            .when(|cx, _| is_on_the_way(cx) && carried(cx, Key::carried_by).is_some())
            .choice("Here she is.", Goto::End)
            .when(|cx, _| carried(cx, Rose::carried_by).is_some() && !has(cx, story::BROUGHT))
            .run(give_rose)
            .choice("Who are you?", "who")
            .choice("Goodbye.", Goto::End)
            .key("bye")
            .key("goodbye");
        menu.node(
            "garden",
            "\"There is a rose in it, the last that my grandmother planted. She has not bloomed since my knees gave \
             out, and I would so like to see her once more.\" She looks out of the window. \"She wants looking after, \
             and I can't.\"",
        )
        .choice("I will see to her.", "promised")
        .run(|cx, _| {
            let caller = cx.caller()?;
            cx.world.add_tag(caller, story::PROMISED, "");
            Ok(())
        })
        .choice("I am no gardener.", "start");
        menu.node(
            "promised",
            "\"You will?\" She puts the peas aside. \"Then begin at the shed, by the brook. I wrote down on the board \
             how it is done, for somebody like you. And when she is out, bring her here: I don't walk that far.\"",
        )
        .choice("How do I get into the garden?", "key")
        .when(|cx, _| carried(cx, Key::carried_by).is_none())
        .choice("I am on my way.", Goto::End);
        menu.node(
            "key",
            "\"It has a gate, on the side of the yard. The badger under the oak has the key; it collects them. It is \
             fond of honey. But it is dark down there: take my lantern, from the shed.\"",
        )
        .choice("I have another question.", "start")
        .choice("I am on my way.", Goto::End);
        menu.node(
            "water",
            "\"Water! A whole pail, from the well in the yard. And put on the gloves before you touch her. She does \
             not mean it, but she has thorns.\"",
        )
        .choice("I have another question.", "start")
        .choice("I am on my way.", Goto::End);
        menu.node(
            "who",
            "\"Tilda. I had the garden, and before me my grandmother had it. That was her hat.\" She pulls it \
             straight. \"I was nine when she let me hold the can.\"",
        )
        .choice("I have a question.", "start")
        .choice("Goodbye.", Goto::End)
        .key("bye")
        .key("goodbye");
    }

    fn ended(self, cx: &mut Cx<'_>, why: Ended) -> Result {
        if why == Ended::Itself && !has(cx, story::BROUGHT) {
            cx.msg("Tilda nods, and goes on with her peas.");
        }
        Ok(())
    }
}

fn greeting(cx: &Cx<'_>) -> &'static str {
    if has(cx, story::BROUGHT) {
        "Tilda looks up from the rose. \"Sit down, child, sit down. She is still out, do you see?\""
    } else if has(cx, story::PROMISED) {
        "Tilda looks up from her peas. \"Well? How is she?\""
    } else {
        "An old woman looks up from a bowl of peas. \"Come in, come in. I don't get up, it's the knees. I'm Tilda.\""
    }
}

/// Somebody who has promised, and has no rose yet.
fn is_on_the_way(cx: &Cx<'_>) -> bool {
    has(cx, story::PROMISED) && !has(cx, story::BROUGHT) && carried(cx, Rose::carried_by).is_none()
}

fn has(cx: &Cx<'_>, tag: &str) -> bool {
    cx.puppet.is_some_and(|me| cx.world[me].has_tag(tag))
}

fn carried(cx: &Cx<'_>, kind: fn(&World, ObjectId) -> Option<ObjectId>) -> Option<ObjectId> {
    cx.puppet.and_then(|me| kind(cx.world, me))
}

/// Does what `give rose to tilda` does.
fn give_rose(cx: &mut Cx<'_>, _: &mut Tilda) -> Result {
    let (caller, tilda) = (cx.caller()?, cx.obj.ok_or_else(|| bug("the talk is with nobody"))?);
    if let Some(rose) = Rose::carried_by(cx.world, caller) {
        cx.msg("You give her the rose.");
        let others = cx.world.act(caller, "$You() $conj(give) $obj(rose) to $obj(tilda).");
        others.with("rose", rose).with("tilda", tilda).except(&[caller]).to_room();
        story::rose_is_brought(cx.world, tilda, rose, caller);
    }
    Ok(())
}
