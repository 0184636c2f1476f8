//! Inline functions: `$You() $conj(pick) up $obj(item).` is one sentence that reads right for whoever reads it (Evennia's
//! FuncParser and actor stance). [`World::act`](crate::World::act) hands in the sentences of games; nothing else does, and
//! what players typed never gets here: a sentence is parsed first, and names and texts are put into it afterwards.
//!
//! | function | the one who acts reads | others read |
//! |---|---|---|
//! | `$You()`, `$you(key)` | You, you | the name |
//! | `$Your()`, `$your(key)` | Your, your | the name's |
//! | `$conj(verb)`, `$conj(verb, key)` | pick | picks |
//! | `$pconj(verb)`, `$pconj(verb, key)` | pick | picks, or after "they": pick |
//! | `$pron(your)`, `$Pron(you, options, key)` | your | his, her, its, their |
//! | `$obj(key)`, `$Obj(key)` | a rose | a rose |
//! | `{key}` | the name, or the text, of this key | the same |
//! | `{key}`, of several things | a rose and two coins | the same, by the names that they know |
//!
//! Without a key, the one who acts is meant. Names are those that the reader has for things (`display_name`). `$obj` puts
//! an article before names that have none, and `$You`, `$Your`, `$Pron` and `$Obj` begin a sentence. Options of `$pron` say
//! which case is meant where a pronoun leaves it open (`sp`, `op`, `pa`, `pp`, `rp`, or their names: `subject`, `object`,
//! `possessive adjective`, `possessive pronoun`, `reflexive`), the gender (`male`, `female`, `neutral`, `plural`) and the
//! person that the one who acts reads (`1st`, `2nd`). Genders are an attribute, `gender`; who has none is "it", a
//! character "they".
//!
//! | function | gives |
//! |---|---|
//! | `$an(word)` | a rose, an egg |
//! | `$pluralize(word, count[, plural])` | roses, unless the count is 1 |
//! | `$int2str(3)` | three; digits from 13 on |
//! | `$pad(text, width, align, fillchar)` | the text in so many cells; align is `l`, `c` (the default) or `r` |
//! | `$crop(text, width, suffix)` | as much of it as fits; 78 and `...` by default |
//! | `$just(text, width, align, indent)` | wrapped, and put to one side; `f` for both |
//! | `$ljust(text, width)`, `$rjust`, `$cjust` | the same, with the side in the name |
//! | `$space(count)` | spaces |
//! | `$clr(r, text)`, `$clr(r, text, g)` | coloured, up to `\|n` or the second colour |
//! | `$add(2, 3)`, `$sub`, `$mult`, `$div` | arithmetic of two numbers |
//! | `$round(2.345, 1)`, `$toint(2.9)` | 2.3, 2 |
//! | `$eval((1 + 2) * 3)` | arithmetic with `+ - * / // % **` and parentheses; nothing else is evaluated |
//!
//! Arguments may be named (`$pad(text, width=9, align=r)`), hold functions, and stand in quotes of either kind, where
//! commas and `$` mean nothing. `$$` and `\$` are a `$`; inside a function, `\` before a comma, a parenthesis, a quote or
//! an equals sign does the same. Whatever is not understood stays as it is typed: unknown functions, those with wrong
//! arguments, and all behind one that is never closed.

mod arithmetic;
mod call;
mod parse;
mod stance;

pub(crate) use call::{Scene, Value};
pub(crate) use parse::Template;
