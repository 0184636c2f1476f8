//! Cmdsets: sets of commands, and how a stack of them becomes the one set that a line is matched against.
//!
//! The command handler gathers the sets of session, account, puppet and surroundings, and hands the stack to a
//! [`MergeCache`]; what comes back, a [`MergedSet`], goes to [`parse`](crate::cmdparser::parse). The rules are
//! those of Evennia 6.1 (`CmdSet.__add__`, `CmdSet.add`, `get_and_merge_cmdsets`).
//!
//! | file | what |
//! |---|---|
//! | `names` | the names a command answers to, [`CmdKey`]; prepared once, when it is added to a set |
//! | `set` | [`CmdSet`]: a set as a game declares it |
//! | `merge` | several sets into one |
//! | `merged` | the one set, with its look-up by name |
//! | `cache` | merges already made |

mod cache;
mod merge;
mod merged;
mod names;
mod set;

pub use cache::{MERGE_CACHE_LIMIT, MergeCache};
pub use merge::merge;
pub use merged::MergedSet;
pub use names::{CMD_IGNORE_PREFIXES, CmdKey};
pub use set::{CmdSet, EMPTY_CMDSET, MergeType};

pub(crate) use merged::{Beginning, Form};
use names::Named;

/// System command that runs when a line is empty.
pub const CMD_NOINPUT: &str = "__noinput_command";
/// System command that runs when no command matches; its args are the whole line.
///
/// ```
/// use meadow_world::{Command, Cx, Meta, Result, cmdset::CMD_NOMATCH, say};
///
/// /// Says something friendlier than "not available".
/// struct CmdHuh;
///
/// impl Command for CmdHuh {
///     const META: Meta = Meta { key: CMD_NOMATCH, auto_help: false, ..Meta::DEFAULT };
///     type Args = String;
///
///     fn func(&self, _: &mut Cx<'_>, line: String) -> Result {
///         Err(say(format!("Nobody here knows what \"{line}\" means.")))
///     }
/// }
/// # use meadow_world::{For, NewObject, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game");
/// # world.command(For::Character, CmdHuh);
/// # let mut world = world.load(Default::default(), Default::default()).expect("it loads");
/// # let anna = world.create(NewObject { key: "Anna", typeclass: "default.Character", ..NewObject::default() })?;
/// # let said = world.execute_cmd(anna, "fly home").unwrap_err().to_string();
/// # assert_eq!(said, "Nobody here knows what \"fly home\" means.");
/// # Ok::<(), meadow_world::Stop>(())
/// ```
pub const CMD_NOMATCH: &str = "__nomatch_command";
/// System command that runs when several commands match equally well.
pub const CMD_MULTIMATCH: &str = "__multimatch_command";
/// System command that runs once when a client connects, before anything is typed.
pub const CMD_LOGINSTART: &str = "__unloggedin_look_command";
