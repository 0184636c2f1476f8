//! `look`, in place of the one that every game has: it also shows what a description speaks of and is no thing. A place
//! has them in its attribute `details`: a map of names, with `;` between those that mean the same, to texts.

use std::collections::BTreeMap;

use meadow::{prelude::*, text::without_article};

use crate::{
    scripts::Weather,
    typeclasses::{DarkRoom, Gate},
};

/// What is there wherever there is no roof.
const SKY: [&str; 7] = ["sky", "sun", "cloud", "clouds", "rain", "air", "weather"];

/// `look [[at] THING]`
pub struct CmdLook;

impl Command for CmdLook {
    const META: Meta = Meta {
        key: "look",
        aliases: &["l", "ls"],
        help: "look around, or at something\n\nUsage:\n  look\n  look <thing>\n  look here\n  look me\n\n\
               What a description speaks of can be looked at, too.",
        ..Meta::DEFAULT
    };
    type Args = Option<Seen>;

    fn func(&self, cx: &mut Cx<'_>, seen: Option<Seen>) -> Result {
        let caller = cx.caller()?;
        let id = match seen {
            None => cx.location()?,
            Some(Seen::Object(id)) => id,
            Some(Seen::Detail(desc)) => {
                cx.msg(text(desc).kw("type", "look"));
                return Ok(());
            }
        };
        let kind = cx.world[id].typeclass();
        let view = kind.return_appearance(cx.world, id, caller);
        cx.msg(text(view).kw("type", "look"));
        kind.at_desc(cx.world, id, caller);
        Ok(())
    }
}

/// What is looked at.
pub enum Seen {
    /// Something that is there.
    Object(ObjectId),
    /// A detail of the place: what one sees of it (markup).
    Detail(String),
}

impl Args for Seen {
    fn parse(cx: &mut Cx<'_>) -> Result<Seen> {
        if let Some(rest) = cx.raw.strip_prefix("at ") {
            cx.set_args(rest.trim().to_owned());
        }
        match Target::parse(cx) {
            // Of a way that nobody has described, more may be said elsewhere.
            Ok(Target(way)) if is_plain_way(cx.world, way) => {
                Ok(Seen::Detail(detail(cx).unwrap_or_else(|| leads_to(cx, way))))
            }
            Ok(Target(id)) => Ok(Seen::Object(id)),
            Err(why) => detail(cx).map(Seen::Detail).ok_or(why),
        }
    }
}

fn is_plain_way(world: &World, id: ObjectId) -> bool {
    world[id].is_exit() && world[id].desc().is_none() && !world.is_a(id, Gate.path())
}

fn leads_to(cx: &Cx<'_>, way: ObjectId) -> String {
    let to = cx.world[way].destination().map(|to| escape(cx.world[to].key()).into_owned());
    format!("That way lies {}.", to.as_deref().unwrap_or("nothing"))
}

/// The detail of the place that is called so.
fn detail(cx: &Cx<'_>) -> Option<String> {
    let place = cx.location().ok().filter(|place| !DarkRoom::is_dark(cx.world, *place))?;
    let details: BTreeMap<String, String> = cx.world[place].db.get("details").unwrap_or_default();
    let wanted = cx.raw.trim().to_lowercase();
    let wanted = without_article(&wanted);
    let is_it = |names: &str| names.split(';').any(|name| name.trim() == wanted);
    let found = details.into_iter().find(|(names, _)| is_it(names)).map(|(_, desc)| desc);
    let is_sky = || SKY.contains(&wanted) && cx.world[place].has_tag("outdoors");
    found.or_else(|| is_sky().then(|| Weather::now(cx.world).to_owned()))
}
