//! GMCP, the Generic Mud Communication Protocol: a package's name, a space, JSON.
//!
//! | file | what it does |
//! |---|---|
//! | `names` | names of tuples to names of packages and back |
//! | `published` | the packages that clients know, with their exact spelling |
//! | `case` | Python's upper and lower case, which Evennia's names are made with |
//! | `encode`, `decode` | tuples to messages and back |
//! | `supports` | which packages a client wants |
//! | `session` | the packages that the Portal answers by itself |

mod case;
mod decode;
mod encode;
mod names;
mod published;
mod session;
mod supports;

pub(crate) use self::session::tidy_client_name;
pub use self::{
    decode::{DEPTH_LIMIT, Malformed, decode},
    encode::{EncodeError, body, encode},
    names::{NameError, Names, package},
    session::{CREDENTIAL_LIMIT, Gmcp, Incoming},
    supports::{PACKAGES_LIMIT, Supports},
};
