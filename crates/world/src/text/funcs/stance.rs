//! The inline functions that depend on who reads: the one who acts, or somebody else.

use super::call::{Args, Scene, Value};
use crate::{
    ObjectId,
    text::{
        english::{Gender, Options, Pronoun, capitalize_word, conjugate},
        markup::{self, Kind},
        naming,
    },
};

/// Whom a function speaks of.
enum Whom<'a> {
    /// Something that the reader may be.
    Object(ObjectId),
    /// Something that is a name only.
    Named(&'a str),
}

impl Scene<'_> {
    /// The one of this key, or without a key the one who acts.
    fn whom(&self, key: Option<&str>) -> Option<Whom<'_>> {
        let Some(key) = key else { return self.actor.map(Whom::Object) };
        Some(match self.value(key)? {
            Value::Object(id) => Whom::Object(*id),
            Value::Several(_) => return None,
            Value::Text(text) => Whom::Named(text),
        })
    }

    fn is_read_by(&self, whom: &Whom<'_>) -> bool {
        matches!(whom, Whom::Object(id) if self.looker == Some(*id))
    }

    fn name_of(&self, whom: &Whom<'_>) -> String {
        match whom {
            Whom::Object(id) => self.name(*id),
            Whom::Named(name) => (*name).to_owned(),
        }
    }

    /// Whether the reader knows them by a name that players chose, and that is spelled as they spell it.
    fn is_named(&self, whom: &Whom<'_>) -> bool {
        !self.is_read_by(whom)
            && matches!(whom, Whom::Object(id) if self.world.exists(*id) && self.world.is_character(*id))
    }

    /// The gender that somebody is known to have.
    fn gender(&self, whom: &Whom<'_>) -> Option<Gender> {
        let Whom::Object(id) = whom else { return None };
        Gender::from_name(self.world.object(*id)?.db.str("gender")?)
    }

    /// That of those who have none.
    fn usual_gender(&self, whom: &Whom<'_>) -> Gender {
        match whom {
            Whom::Object(id) if self.world.exists(*id) && self.world.is_character(*id) => Gender::Plural,
            _ => Gender::Neutral,
        }
    }
}

pub(super) fn you(scene: &Scene<'_>, args: &Args, begins: bool) -> Option<String> {
    let whom = scene.whom(args.given(0))?;
    let shown = if scene.is_read_by(&whom) { "you".to_owned() } else { scene.name_of(&whom) };
    Some(if begins && !scene.is_named(&whom) { capitalize(&shown) } else { shown })
}

pub(super) fn your(scene: &Scene<'_>, args: &Args, begins: bool) -> Option<String> {
    let whom = scene.whom(args.given(0))?;
    let shown = if scene.is_read_by(&whom) {
        "your".to_owned()
    } else {
        let name = scene.name_of(&whom);
        let many = scene.gender(&whom) == Some(Gender::Plural) && crate::text::plain(&name).ends_with('s');
        format!("{name}{}", if many { "'" } else { "'s" })
    };
    Some(if begins && !scene.is_named(&whom) { capitalize(&shown) } else { shown })
}

pub(super) fn conj(scene: &Scene<'_>, args: &Args) -> Option<String> {
    let verb = conjugate(args.text(0));
    Some(if scene.is_read_by(&scene.whom(args.given(1))?) { verb.second } else { verb.third })
}

/// Behind a pronoun: "they pick".
pub(super) fn pconj(scene: &Scene<'_>, args: &Args) -> Option<String> {
    let (verb, whom) = (conjugate(args.text(0)), scene.whom(args.given(1))?);
    let they = scene.gender(&whom).unwrap_or_else(|| scene.usual_gender(&whom)) == Gender::Plural;
    Some(if they || scene.is_read_by(&whom) { verb.second } else { verb.third })
}

pub(super) fn pron(scene: &Scene<'_>, args: &Args, begins: bool) -> Option<String> {
    // `$pron(their, target)`: what is no option is a key.
    let options = Options::read(args.text(1));
    let key = args.given(2).or_else(|| args.given(1).filter(|_| options.is_none()));
    let whom = scene.whom(key)?;
    let pronoun = Pronoun::read(args.text(0), options.unwrap_or_default())?;
    let shown = match scene.is_read_by(&whom) {
        true => pronoun.own(),
        false => pronoun.of_others(scene.gender(&whom), scene.usual_gender(&whom)),
    };
    Some(if begins || pronoun.capital { capitalize_word(shown) } else { shown.to_owned() })
}

pub(super) fn obj(scene: &Scene<'_>, args: &Args, begins: bool) -> Option<String> {
    let shown = naming::with_article(&scene.name_of(&scene.whom(args.given(0))?));
    Some(if begins { capitalize(&shown) } else { shown })
}

/// Markup whose first character is a capital.
fn capitalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = false;
    markup::atoms(text, &mut |atom| match atom.kind {
        Kind::Glyph if !done => {
            done = true;
            out.push_str(&capitalize_word(atom.raw));
        }
        _ => out.push_str(atom.raw),
    });
    out
}
