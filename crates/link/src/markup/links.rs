//! Links: what a whole `|l…` is.

use super::token::{Token, Tokens};

/// A whole link of game text. Target and label are markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    /// What it does.
    pub kind: Target,
    /// The command to send or the address to open.
    pub target: &'a str,
    /// What is shown.
    pub label: &'a str,
}

/// What a link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `|lc`: sends a command.
    Command,
    /// `|lu`: opens a page.
    Address,
}

impl Target {
    /// By the letter of the code.
    pub(super) fn of(letter: u8) -> Option<Target> {
        match letter {
            b'c' => Some(Target::Command),
            b'u' => Some(Target::Address),
            _ => None,
        }
    }
}

impl<'a> Link<'a> {
    /// What is shown where there are no links: the label, or the address itself, as Evennia does.
    pub fn without_link(&self) -> Tokens<'a> {
        Tokens::inside_link(match self.kind {
            Target::Command => self.label,
            Target::Address => self.target,
        })
    }

    /// The target as text: escapes undone, attributes and control sequences left out.
    pub fn target_text(&self) -> String {
        let mut text = String::with_capacity(self.target.len());
        for token in Tokens::inside_link(self.target) {
            if let Token::Text(piece) = token {
                text.push_str(piece);
            }
        }
        text
    }
}
