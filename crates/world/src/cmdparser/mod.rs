//! The command parser: which commands of a merged set a line means; called by the command handler.
//!
//! | file | what |
//! |---|---|
//! | `parse` | [`parse`]: a line and a [`MergedSet`](crate::cmdset::MergedSet) to matches |
//! | `arg_regex` | [`ArgRegex`]: what may follow a command's name |

mod arg_regex;
mod parse;

pub use arg_regex::{ArgRegex, ArgRegexError, DEFAULT_ARG_REGEX};
pub use parse::{Match, parse, strip};

use parse::is_space;
