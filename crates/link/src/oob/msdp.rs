//! MSDP's variables, as the Server answers them. The inputfuncs `msdp_list`, `msdp_report`, `msdp_unreport`,
//! `msdp_reset` and `msdp_send` make them.

use crate::{CommandTuple, Kwargs, tuple};

/// Name of the tuple that holds variables of MSDP.
pub const MSDP: &str = "MSDP";

/// The commands of MSDP. A client's are the inputfuncs of the same name with `msdp_` before it.
pub const MSDP_COMMANDS: [&str; 5] = ["LIST", "REPORT", "RESET", "SEND", "UNREPORT"];

/// The variables that a client sets about itself and that the Portal understands. It sets flags of the session
/// by them; every other variable that a client sets is for the game.
pub const MSDP_CONFIGURABLE: [&str; 5] =
    ["ANSI_COLORS", "CLIENT_NAME", "CLIENT_VERSION", "UTF_8", "XTERM_256_COLORS"];

/// Variables for a client that asked for them by MSDP. They go back by the way on which the client asked last:
/// the telnet option, or the package `MSDP` of GMCP.
///
/// ```
/// # use meadow_link::{Kwargs, oob::msdp};
/// let told = msdp(Kwargs::from_iter([("HEALTH".to_owned(), 100.into())]));
/// assert_eq!((told.name.as_str(), &told.kwargs["HEALTH"]), ("MSDP", &100.into()));
/// ```
pub fn msdp(variables: Kwargs) -> CommandTuple {
    CommandTuple { kwargs: variables, ..tuple(MSDP) }
}
