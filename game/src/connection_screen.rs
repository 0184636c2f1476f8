//! What somebody sees who connects.

use meadow::{prelude::*, text::escape};

/// Called by [`setup`](crate::setup).
pub fn register(world: &mut WorldBuilder) {
    let name = escape(world.name()).into_owned();
    world.connection_screen(&format!(
        "\
{RULE}
 Welcome to |g{name}|n!

 If you have an account, log in with:
   |wconnect <name> <password>|n
 If you are new here, make one with:
   |wcreate <name> <password>|n

 Leave out the password, and you are
 asked for it where nobody sees it.
 A name with spaces goes in quotes.

 |whelp|n tells more, |wquit|n hangs up.

 They say that the rose in the walled
 garden has not bloomed since the
 gardener grew old. Somebody should
 see to it.
{RULE}"
    ));
}

/// No line is longer than this: on a phone in the hand there are some forty columns.
const RULE: &str = "|b======================================|n";
