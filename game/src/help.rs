//! Topics of `help` that are no commands. What the commands are for stands with them.

use meadow::{HelpTopic, prelude::*};

/// Called by [`setup`](crate::setup).
pub fn register(world: &mut WorldBuilder) {
    world.help_entry(HelpTopic {
        key: "newcomer",
        aliases: &["newcomers", "new", "beginner", "start", "how to play"],
        category: "A Meadow",
        text: NEWCOMER,
        ..HelpTopic::default()
    });
}

const NEWCOMER: &str = "\
how this is played, for those who have never been in such a place

You are somewhere, you see what is there, and you type what you do: a verb, and mostly a thing.

  |wlook|n, |wlook flower|n     see where you are; see something, whatever is spoken of
  |wnorth|n or |wn|n, |wgate|n      go there: each word behind \"Exits\" is a command
  |wget flower|n, |wdrop flower|n, |wgive flower to Bob|n, |winventory|n
  |wsmell|n, |wread|n, |weat|n, |wdrink|n, |wsit|n  what you would think
  |wmap|n, |wscore|n            where you have been, and how you are doing
  |wtalk|n                  to somebody who is no player; then type a number
  |wsay Hello!|n            talk to those who are where you are

Begin by walking about. Somebody here would be glad of your help: look for smoke.

# subtopics

## talking

|wsay|n (or |w'|n) is heard where you are, |wwhisper Bob = ..|n by Bob alone, |wpose waves|n shows what you do. \
|wpage Bob = ..|n is heard wherever Bob is. |wnewcomers How do I get the honey?|n asks everybody: answers come on the \
same channel.

## shortcuts

|wn|n, |we|n, |ws|n, |ww|n, |wu|n, |wd|n are ways, |wl|n is look, |wi|n inventory. |wnick sn = smell|n makes |wsn|n a word of your own.

## hurt

Thorns scratch and bees sting. Nobody dies here: scratches heal in time, and faster with honey, an apple or cold water. \
|wscore|n tells how you are; clients that know how show it as a bar.
";
