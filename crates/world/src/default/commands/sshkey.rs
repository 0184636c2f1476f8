//! The keys by which a player logs in over SSH.

use crate::{Command, Cx, Meta, Result, say, ssh_keys::SshKey, text::escape};

/// `sshkey [list | add KEY | remove NUMBER]`
pub(super) struct CmdSshkey;

impl Command for CmdSshkey {
    const META: Meta = Meta {
        key: "sshkey",
        aliases: &["sshkeys"],
        help: "log in over SSH without a password\n\nUsage:\n  sshkey [list]\n  sshkey add <key>\n  sshkey remove \
               <number>\n\nThe key is the line in a file such as ~/.ssh/id_ed25519.pub, which |wssh-keygen|n makes. \
               Never give anybody the file without .pub.",
        help_category: "Account",
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, _args: Option<String>) -> Result {
        let account = cx.account()?;
        // Who can be forced to give others a key has lost the account.
        cx.session()?;
        let raw = cx.raw.trim().to_owned();
        let (verb, rest) = raw.split_once(char::is_whitespace).unwrap_or((&raw, ""));
        match verb {
            "" | "list" => {
                cx.msg(list(&cx.world[account].ssh_keys()));
            }
            "add" => {
                let key = SshKey::parse(rest)?;
                let told = format!("You can log in with the key {} now.", shown(&key));
                cx.world.add_ssh_key(account, key)?;
                tracing::info!(account = account.0, "an SSH key was added");
                cx.msg(told);
            }
            "remove" => {
                let Ok(number) = rest.trim().parse() else {
                    return Err(say("Usage: sshkey remove <number>"));
                };
                let key = cx.world.remove_ssh_key(account, number)?;
                tracing::info!(account = account.0, "an SSH key was removed");
                cx.msg(format!("Nobody can log in with the key {} any more.", shown(&key)));
            }
            _ => return Err(say("Usage: sshkey [list | add <key> | remove <number>]")),
        }
        Ok(())
    }
}

fn list(keys: &[SshKey]) -> String {
    if keys.is_empty() {
        return "You have no keys. |wsshkey add <key>|n adds one.".to_owned();
    }
    let mut told = String::from("|wYour keys for SSH:|n");
    for (at, key) in keys.iter().enumerate() {
        told.push_str(&format!("\n  {} {}", at + 1, shown(key)));
    }
    told
}

fn shown(key: &SshKey) -> String {
    let comment = if key.comment.is_empty() { String::new() } else { format!(" ({})", escape(&key.comment)) };
    format!("{}{comment}", key.short())
}
