//! What every game begins with: the default typeclasses and commands.

mod typeclasses;
pub use typeclasses::{DefaultCharacter, DefaultExit, DefaultObject, DefaultRoom};

pub(crate) mod account;
pub use account::{DefaultAccount, DefaultGuest};

pub(crate) mod root;

pub mod commands;

/// What somebody sees who connects, unless the game says otherwise (markup). On a phone in the hand there are some
/// forty columns for it.
pub(crate) fn connection_screen(name: &str) -> String {
    let name = crate::text::escape(name);
    let rule = "|b======================================|n";
    format!(
        "{rule}\n Welcome to |g{name}|n!\n\n If you have an account, log in with:\n   |wconnect <name> <password>|n\n \
         If you are new here, make one with:\n   |wcreate <name> <password>|n\n\n \
         Leave out the password, and you are\n asked for it where nobody sees it.\n \
         A name with spaces goes in quotes.\n\n |whelp|n tells more, |wquit|n hangs up.\n{rule}"
    )
}
