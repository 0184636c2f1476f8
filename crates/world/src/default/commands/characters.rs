//! Becoming a character, and out of character: seeing, making and destroying those that one has.

use crate::{AccountId, Command, Cx, Equals, Meta, ObjectId, Result, Scope, locks::Accessor, say, text};

/// `look`, out of character.
pub(super) struct CmdLookOoc;

impl Command for CmdLookOoc {
    const META: Meta = Meta {
        key: "look",
        aliases: &["l", "ls"],
        help: "see which characters you have",
        auto_help: false,
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let (session, account) = (cx.session()?, cx.account()?);
        let view = cx.world.account_class(account).at_look(cx.world, account, session);
        cx.msg(meadow_link::text(view).kw("type", "look"));
        Ok(())
    }
}

/// `ic [CHARACTER]`
pub(super) struct CmdIc;

impl Command for CmdIc {
    const META: Meta = Meta {
        key: "ic",
        aliases: &["puppet"],
        help: "become a character\n\nUsage:\n  ic [<character>]\n\nWithout a name: the one you were last. Staff may \
               become what else there is, if its |wpuppet|n lock lets them.",
        help_category: "Account",
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, name: Option<String>) -> Result {
        let (session, account) = (cx.session()?, cx.account()?);
        let body = match name {
            Some(_) => named(cx, account)?,
            None => cx.world.usual_body(account, session),
        };
        match body {
            Some(body) => cx.world.puppet(session, body),
            None => {
                Err(say("You have no such character. |wlook|n, out of character, shows those that you have."))
            }
        }
    }
}

/// The account's own character of the name that was typed; for those who build, whatever is called so.
fn named(cx: &Cx<'_>, account: AccountId) -> Result<Option<ObjectId>> {
    if let Some(own) = own_character(cx, account, &cx.raw) {
        return Ok(Some(own));
    }
    let accessing = Accessor { account: Some(account), object: cx.puppet };
    if !cx.world.passes("cmd:perm(Builder)", accessing, "cmd", None, false) {
        return Ok(None);
    }
    if let Some(puppet) = cx.puppet {
        return cx.world.search(puppet, &cx.raw, Scope::Anywhere).map(Some);
    }
    let number = cx.raw.strip_prefix('#').and_then(|number| number.parse().ok()).map(ObjectId);
    match (number.filter(|id| cx.world.exists(*id)), cx.world.objects_named(&cx.raw)) {
        (Some(id), _) | (None, &[id]) => Ok(Some(id)),
        (None, []) => Ok(None),
        (None, several) => {
            let numbers: Vec<String> = several.iter().map(ObjectId::to_string).collect();
            let (name, numbers) = (&cx.args, numbers.join(", "));
            Err(say(format!("More than one thing is called '{name}'; say which by its number: {numbers}.")))
        }
    }
}

fn own_character(cx: &Cx<'_>, account: AccountId, name: &str) -> Option<ObjectId> {
    let answers = |id: &ObjectId| cx.world.object(*id).is_some_and(|object| object.answers_to(name));
    cx.world[account].characters.iter().copied().find(answers)
}

/// `ooc`
pub(super) struct CmdOoc;

impl Command for CmdOoc {
    const META: Meta = Meta {
        key: "ooc",
        aliases: &["unpuppet"],
        locks: "cmd:pperm(Player)",
        help: "leave your character, without leaving the game",
        help_category: "Account",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let (session, account) = (cx.session()?, cx.account()?);
        if cx.puppet.is_none() {
            return Err(say("You are out of character already."));
        }
        cx.world.unpuppet(session);
        cx.msg("You go out of character. |wic|n takes you back.");
        if !cx.world.game().rules().auto_puppet {
            let view = cx.world.account_class(account).at_look(cx.world, account, session);
            cx.msg(meadow_link::text(view).kw("type", "look"));
        }
        Ok(())
    }
}

/// `charcreate NAME [= DESCRIPTION]`
pub(super) struct CmdCharCreate;

impl Command for CmdCharCreate {
    const META: Meta = Meta {
        key: "charcreate",
        locks: "cmd:pperm(Player)",
        help: "make a new character\n\nUsage:\n  charcreate <name> [= <description>]\n\nThe description is what \
               others see when they look at it; |wsetdesc|n changes it later.",
        help_category: "Account",
        ..Meta::DEFAULT
    };
    type Args = Equals;

    fn func(&self, cx: &mut Cx<'_>, Equals { lhs, rhs }: Equals) -> Result {
        let account = cx.account()?;
        cx.world.check_character_count(account)?;
        let name = lhs.split_whitespace().collect::<Vec<_>>().join(" ");
        cx.world.check_character_name(account, &name)?;
        let body = cx.world.create_character(account, &name)?;
        if let Some(desc) = rhs.filter(|desc| !desc.is_empty()) {
            cx.world[body].db.set("desc", desc)?;
        }
        tracing::info!(account = account.0, "character {body} ({name}) made");
        cx.msg(format!("You made the character |c{name}|n. |wic {name}|n enters the game with it."));
        Ok(())
    }
}

/// `chardelete NAME`
pub(super) struct CmdCharDelete;

impl Command for CmdCharDelete {
    const META: Meta = Meta {
        key: "chardelete",
        locks: "cmd:pperm(Player)",
        help: "destroy one of your characters, for ever\n\nUsage:\n  chardelete <name>",
        help_category: "Account",
        ..Meta::DEFAULT
    };
    type Args = String;

    fn func(&self, cx: &mut Cx<'_>, _name: String) -> Result {
        let account = cx.account()?;
        let Some(body) = own_character(cx, account, &cx.raw) else {
            return Err(say("You have no such character to destroy."));
        };
        let name = text::escape(cx.world[body].key()).into_owned();
        cx.ask(
            format!("|rThis destroys '{name}' for ever; nothing brings it back.|n Continue yes/[no]? "),
            move |cx| {
                if !cx.args.eq_ignore_ascii_case("yes") {
                    return Err(say(format!("'{name}' was not destroyed.")));
                }
                // It may be gone, or somebody else's, by now.
                if !cx.world[account].characters.contains(&body) {
                    return Err(say("You have no such character to destroy."));
                }
                cx.world.destroy(body)?;
                tracing::info!(account = account.0, "character {body} ({name}) destroyed by its player");
                cx.msg(format!("The character '{name}' was destroyed."));
                Ok(())
            },
        )
    }
}
