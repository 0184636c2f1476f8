//! Saying and doing things for others to see.

use crate::{Args, Command, Cx, Meta, ObjectId, Result, say, search::Scope, text};

/// `say TEXT`
pub(super) struct CmdSay;

impl Command for CmdSay {
    const META: Meta = Meta {
        key: "say",
        help: "speak to all who are here\n\nUsage:\n  say <text>\n  '<text>\n  \"<text>",
        live_report_typing: true,
        ..Meta::DEFAULT
    };
    type Args = String;

    fn func(&self, cx: &mut Cx<'_>, speech: String) -> Result {
        let caller = cx.caller()?;
        let kind = cx.world[caller].typeclass();
        let speech = kind.at_pre_say(cx.world, caller, speech)?;
        kind.at_say(cx.world, caller, &speech);
        Ok(())
    }
}

/// `'TEXT`: the text may follow at once, which it may not after the word `say`.
pub(super) struct CmdSayShort;

impl Command for CmdSayShort {
    const META: Meta = Meta {
        key: "'",
        aliases: &["\""],
        arg_regex: "",
        auto_help: false,
        help: CmdSay::META.help,
        live_report_typing: true,
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, speech: Option<String>) -> Result {
        let speech = speech.ok_or_else(|| say("Say what?"))?;
        CmdSay.func(cx, speech)
    }
}

/// `pose TEXT`
pub(super) struct CmdPose;

impl Command for CmdPose {
    const META: Meta = Meta {
        key: "pose",
        aliases: &["emote"],
        help: "do something for all to see\n\nUsage:\n  pose <text>\n  :<text>\n\nExample: ':smiles.' shows as \
               'Anna smiles.', and \":'s hat falls.\" as \"Anna's hat falls.\"",
        live_report_typing: true,
        ..Meta::DEFAULT
    };
    type Args = String;

    fn func(&self, cx: &mut Cx<'_>, doing: String) -> Result {
        let (caller, room) = (cx.caller()?, cx.location()?);
        let name = cx.world.display_name(caller, caller);
        let gap = if doing.starts_with(['\'', ',', ':']) { "" } else { " " };
        let told = meadow_link::text(format!("{name}{gap}{doing}|n")).kw("type", "pose");
        cx.world.msg_contents(room, told, &[]);
        Ok(())
    }
}

/// `:TEXT`: the text may follow at once.
pub(super) struct CmdPoseShort;

impl Command for CmdPoseShort {
    const META: Meta = Meta {
        key: ":",
        arg_regex: "",
        auto_help: false,
        help: CmdPose::META.help,
        live_report_typing: true,
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, doing: Option<String>) -> Result {
        let doing = doing.ok_or_else(|| say("Pose what?"))?;
        CmdPose.func(cx, doing)
    }
}

/// `whisper SOMEBODY[, SOMEBODY] = TEXT`
pub(super) struct CmdWhisper;

impl Command for CmdWhisper {
    const META: Meta = Meta {
        key: "whisper",
        help: "speak to somebody here so that nobody else hears\n\nUsage:\n  whisper <somebody>[, <somebody>] = <text>",
        live_report_typing: true,
        ..Meta::DEFAULT
    };
    type Args = Whispered;

    fn func(&self, cx: &mut Cx<'_>, Whispered { to, speech }: Whispered) -> Result {
        let caller = cx.caller()?;
        let kind = cx.world[caller].typeclass();
        let speech = kind.at_pre_say(cx.world, caller, speech)?;
        let names: Vec<String> = to.iter().map(|to| cx.world.display_name(*to, caller)).collect();
        let names = names.join(", ");
        cx.msg(meadow_link::text(format!("You whisper to {names}, \"{speech}|n\"")).kw("type", "whisper"));
        for to in to {
            let from = cx.world.display_name(caller, to);
            let told = meadow_link::text(format!("{from} whispers, \"{speech}|n\"")).kw("type", "whisper");
            cx.world.msg(to, told);
        }
        Ok(())
    }
}

/// Who is whispered to, and what.
pub(super) struct Whispered {
    to: Vec<ObjectId>,
    speech: String,
}

impl Args for Whispered {
    fn parse(cx: &mut Cx<'_>) -> Result<Whispered> {
        /// Most that are whispered to at one time: each is looked for among all who are here.
        const HEARERS: usize = 20;
        const USAGE: &str = "Usage: whisper <somebody>[, <somebody>] = <text>";
        let caller = cx.caller()?;
        let Some((names, speech)) = cx.raw.split_once('=').filter(|(_, speech)| !speech.trim().is_empty())
        else {
            return Err(say(USAGE));
        };
        if names.matches(',').count() >= HEARERS {
            return Err(say(format!("You can whisper to up to {HEARERS} at one time.")));
        }
        let mut to = Vec::new();
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let one = cx.world.search(caller, name, Scope::Location)?;
            if !to.contains(&one) {
                to.push(one);
            }
        }
        if to.is_empty() {
            return Err(say(USAGE));
        }
        Ok(Whispered { to, speech: text::escape(speech.trim()).into_owned() })
    }
}
