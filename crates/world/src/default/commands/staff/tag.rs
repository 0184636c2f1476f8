//! `@tag`: the labels of objects.

use super::{LISTED, find, named, named_list};
use crate::{Command, Cx, Meta, Mux, ObjectId, Result, Tag, say, staff::read_tag, text::escape};

/// Most labels that an object can be given by this command.
const TAGS: usize = 250;
/// Most objects that a search for a label looks at.
const MOST_FOUND: usize = 20_000;

/// `@tag[/search|/del] ...`
pub(in crate::default::commands) struct CmdTag;

impl Command for CmdTag {
    const META: Meta = Meta {
        key: "@tag",
        aliases: &["@tags"],
        locks: "cmd:perm(Builder) or perm(tag)",
        help: "see and change the labels of objects\n\nUsage:\n  @tag <object>\n  @tag <object> = <tag>[:<category>]\n  \
               @tag/del <object> [= <tag>[:<category>]]\n  @tag/search <tag>[:<category>]\n\nSwitches:\n  search - all \
               objects with a label; of any category, if none is given\n  del - remove a label, or all of them\n\nA \
               label and its category are kept in lower case.\n\nExamples:\n  @tag box = fragile:cargo\n  @tag/search \
               fragile",
        help_category: "Building",
        switches: &["search", "del"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        if args.lhs.is_empty() {
            return Err(say(
                "Usage: @tag[/del] <object> [= <tag>[:<category>]], or @tag/search <tag>[:<category>]",
            ));
        }
        if cx.switch("search") {
            return search(cx, &args.lhs);
        }
        let id = find(cx, &args.lhs)?;
        let tag = args.rhs.as_deref().map(read_tag).transpose()?;
        match (cx.switch("del"), tag) {
            (false, None) => show(cx, id),
            (false, Some((tag, _))) => add(cx, id, &tag),
            (true, None) => clear(cx, id),
            (true, Some((tag, _))) => delete(cx, id, &tag),
        }
    }
}

fn search(cx: &mut Cx<'_>, text: &str) -> Result {
    let (tag, of_category) = read_tag(text)?;
    let caller = cx.caller()?;
    let world = &*cx.world;
    let mut found: Vec<ObjectId> = if of_category {
        world.objects_tagged(&tag.key, &tag.category).to_vec()
    } else {
        world
            .tagged
            .iter()
            .filter(|(known, _)| known.key == tag.key)
            .flat_map(|(_, ids)| ids.clone())
            .collect()
    };
    // Whether an object may be found is asked of it, and this is one step.
    let too_many = found.len() > MOST_FOUND;
    found.truncate(MOST_FOUND);
    found.retain(|id| world.access(*id, caller, "search", true));
    found.sort_unstable();
    found.dedup();
    let category =
        if of_category { format!(" (category: '{}')", escape(&tag.category)) } else { String::new() };
    let what = format!("tag '{}'{category}", escape(&tag.key));
    if found.is_empty() {
        return Err(say(format!("No objects found with {what}.")));
    }
    let noun = if found.len() == 1 { "object" } else { "objects" };
    let many = if too_many { " or more" } else { "" };
    let list = named_list(world, &found);
    let told = format!("Found |w{}|n{many} {noun} with {what}:\n {list}", found.len());
    cx.msg(told);
    Ok(())
}

fn show(cx: &mut Cx<'_>, id: ObjectId) -> Result {
    let object = &cx.world[id];
    let tags: Vec<String> = object.tags().iter().take(LISTED).map(shown).collect();
    let name = named(cx.world, id);
    cx.msg(match tags.len() {
        0 => format!("No tags attached to {name}."),
        1 => format!("Tag on {name}: {}", tags[0]),
        _ => format!("Tags on {name}: {}", tags.join(", ")),
    });
    Ok(())
}

fn add(cx: &mut Cx<'_>, id: ObjectId, tag: &Tag) -> Result {
    super::may_edit(cx, id)?;
    let (name, told) = (named(cx.world, id), shown(tag));
    if cx.world[id].tags().contains(tag) {
        return Err(say(format!("{name} has the tag {told} already.")));
    }
    if cx.world[id].tags().len() >= TAGS {
        return Err(say(format!("{name} has {TAGS} tags, which are the most.")));
    }
    cx.world.add_tag(id, &tag.key, &tag.category);
    cx.msg(format!("Added tag {told} to {name}."));
    Ok(())
}

fn delete(cx: &mut Cx<'_>, id: ObjectId, tag: &Tag) -> Result {
    super::may_edit(cx, id)?;
    let (name, told) = (named(cx.world, id), shown(tag));
    if !cx.world[id].tags().contains(tag) {
        return Err(say(format!("{name} has no tag {told}.")));
    }
    cx.world.remove_tag(id, &tag.key, &tag.category);
    cx.msg(format!("Removed tag {told} from {name}."));
    Ok(())
}

fn clear(cx: &mut Cx<'_>, id: ObjectId) -> Result {
    super::may_edit(cx, id)?;
    let name = named(cx.world, id);
    let tags: Vec<Tag> = cx.world[id].tags().to_vec();
    if tags.is_empty() {
        return Err(say(format!("No tags attached to {name}.")));
    }
    for tag in &tags {
        cx.world.remove_tag(id, &tag.key, &tag.category);
    }
    let told: Vec<String> = tags.iter().take(LISTED).map(shown).collect();
    cx.msg(format!("Cleared all tags from {name}: {}", told.join(", ")));
    Ok(())
}

fn shown(tag: &Tag) -> String {
    match &*tag.category {
        "" => format!("'{}'", escape(&tag.key)),
        category => format!("'{}' (category: {})", escape(&tag.key), escape(category)),
    }
}
