//! The commands that every game has, and the four cmdsets they stand in (Evennia's names and priorities).
//!
//! # Adding one
//!
//! A unit struct with `impl Command` in one of these files, and one `.add(..)` line here. A game adds its own with
//! `world.command(For::Character, CmdSmell)`.

mod account;
mod accounts;
mod admin_talk;
mod bans;
mod batch;
mod building;
mod characters;
pub(crate) mod comms;
mod comms_admin;
mod exit;
mod general;
mod help;
mod items;
mod listing;
mod nick;
mod option;
mod page;
mod password_questions;
mod passwords;
mod permissions;
mod scripts;
mod service;
mod session;
mod sethelp;
mod several;
mod speech;
mod sshkey;
mod staff;
mod style;
mod system;
mod tasks;
mod tickers;
mod unloggedin;

/// What the commands begin that goes on after them.
pub(crate) fn register(builder: &mut WorldBuilder) {
    password_questions::register(builder);
    builder.editor::<building::ValueEditor>().editor::<sethelp::HelpEditor>().menu::<staff::olc::Olc>();
}

pub use batch::commands as batch;
pub(crate) use exit::ExitCommand;

use crate::{Commands, WorldBuilder, cmdset::CmdSet};

/// For who is not logged in.
pub fn unloggedin() -> Commands {
    CmdSet::new("DefaultUnloggedin")
        .add(unloggedin::CmdConnect)
        .add(unloggedin::CmdCreate)
        .add(unloggedin::CmdLook)
        .add(unloggedin::CmdQuit)
        .add(unloggedin::CmdEncoding)
        .add(unloggedin::CmdScreenreader)
        .add(unloggedin::CmdInfo)
        .add(help::CmdHelp)
}

/// For every session that is logged in.
pub fn session() -> Commands {
    CmdSet::new("DefaultSession").priority(-20).add(account::CmdSessions)
}

/// For every account, in character and out.
pub fn account() -> Commands {
    CmdSet::new("DefaultAccount")
        .priority(-10)
        .add(characters::CmdLookOoc)
        .add(characters::CmdIc)
        .add(characters::CmdOoc)
        .add(characters::CmdCharCreate)
        .add(characters::CmdCharDelete)
        .add(account::CmdWho)
        .add(account::CmdQuit)
        .add(passwords::CmdPassword)
        .add(passwords::CmdUserPassword)
        .add(permissions::CmdQuell)
        .add(permissions::CmdAccess)
        .add(permissions::CmdPerm)
        .add(accounts::CmdAccounts)
        .add(bans::CmdBan)
        .add(bans::CmdUnban)
        .add(bans::CmdBoot)
        .add(sshkey::CmdSshkey)
        .add(option::CmdOption)
        .add(comms::CmdChannel)
        .add(page::CmdPage)
        .add(nick::CmdNick)
        .add(style::CmdStyle)
        .add(style::CmdColor)
        .add(help::CmdHelp)
        .add(service::CmdService)
        .add(session::CmdSession)
        .add(system::CmdReload)
        .add(system::CmdReset)
        .add(system::CmdShutdown)
        .add(system::CmdAbout)
        .add(staff::examine::CmdExamine)
        .add(staff::objects::CmdObjects)
        .add(staff::server::CmdServer)
        .add(staff::server::CmdTime)
}

/// For every character.
pub fn character() -> Commands {
    CmdSet::new("DefaultCharacter")
        .add(general::CmdLook)
        .add(general::CmdInventory)
        .add(general::CmdSetdesc)
        .add(items::CmdGet)
        .add(items::CmdDrop)
        .add(items::CmdGive)
        .add(speech::CmdSay)
        .add(speech::CmdSayShort)
        .add(speech::CmdPose)
        .add(speech::CmdPoseShort)
        .add(speech::CmdWhisper)
        .add(nick::CmdNick)
        .add(admin_talk::CmdWall)
        .add(admin_talk::CmdEmit)
        .add(admin_talk::CmdForce)
        .add(sethelp::CmdSetHelp)
        .add(building::CmdCreate)
        .add(building::CmdCopy)
        .add(building::CmdDig)
        .add(building::CmdTunnel)
        .add(building::CmdOpen)
        .add(building::CmdLink)
        .add(building::CmdUnlink)
        .add(building::CmdSethome)
        .add(building::CmdHome)
        .add(building::CmdName)
        .add(building::CmdDesc)
        .add(building::CmdAlias)
        .add(building::CmdSet)
        .add(building::CmdCpattr)
        .add(building::CmdMvattr)
        .add(building::CmdWipe)
        .add(building::CmdDestroy)
        .add(building::CmdTeleport)
        .add(building::CmdCmdsets)
        .add(batch::CmdBatchcommands)
        .add(staff::find::CmdFind)
        .add(staff::lock::CmdLock)
        .add(staff::spawn::CmdSpawn)
        .add(staff::tag::CmdTag)
        .add(staff::typeclass::CmdTypeclass)
        .add(scripts::CmdScripts)
        .add(tickers::CmdTickers)
        .add(tasks::CmdTasks)
}
