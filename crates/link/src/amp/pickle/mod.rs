//! The pickle codec: what Evennia's processes write. Only plain data is ever read; a pickle that names a
//! class or a function gets a placeholder there, and nothing is imported, called or built.

mod value;
pub use value::PyValue;

mod decode;
pub use decode::{MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_VALUES, PickleError, decode};

mod machine;
mod text;

mod encode;
pub use encode::encode;

mod message;
pub(super) use message::{
    status, to_portal_messages, to_portal_payloads, to_server_messages, to_server_payloads,
};

mod session;
