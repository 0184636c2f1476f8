//! The commands that every game has, and the four cmdsets they stand in (Evennia's names and priorities).
//!
//! # Adding one
//!
//! A unit struct with `impl Command` in one of these files, and one `.add(..)` line here. A game adds its own with
//! `world.command(For::Character, CmdSmell)`.

mod account;
mod accounts;
mod bans;
mod characters;
mod exit;
mod general;
mod help;
mod items;
mod option;
mod passwords;
mod permissions;
mod service;
mod session;
mod speech;
mod sshkey;
mod system;
mod unloggedin;

pub(crate) use exit::ExitCommand;

use crate::{Commands, cmdset::CmdSet};

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
        .add(help::CmdHelp)
        .add(service::CmdService)
        .add(session::CmdSession)
        .add(system::CmdReload)
        .add(system::CmdShutdown)
        .add(system::CmdAbout)
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
}
