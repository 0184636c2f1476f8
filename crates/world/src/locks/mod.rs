//! Lock strings: who may do what to what.
//!
//! `get:perm(Builder) or holds();drop:all()` is a list of access types, each with an expression of lock functions
//! joined by `and`, `or`, `not` and parentheses, as in Evennia. A superuser passes every lock.
//!
//! # Adding one
//!
//! A lock function is one row in the table of `funcs.rs`.

mod expr;
mod funcs;

pub use expr::{LockError, check};

use crate::{AccountId, ObjectId, World};

/// Who wants to do something: a body, the account behind it, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Accessor {
    /// The account.
    pub account: Option<AccountId>,
    /// The body.
    pub object: Option<ObjectId>,
}

/// The permissions that include those before them, lowest first.
pub const PERMISSION_HIERARCHY: [&str; 6] = ["Guest", "Player", "Helper", "Builder", "Admin", "Developer"];

impl World {
    /// Whether a body may do something to an object; `default` if its lock string does not speak of it.
    pub fn access(&self, accessed: ObjectId, accessing: ObjectId, kind: &str, default: bool) -> bool {
        let Some(object) = self.object(accessed) else { return default };
        // Most objects have no lock of most kinds, and this is asked for everything that is seen.
        if !object.locks.contains(kind) {
            return default;
        }
        self.passes(&object.locks, kind, self.accessor(accessing), Some(accessed), default)
    }

    /// Whether somebody passes a lock string. One that can't be read lets nobody pass.
    pub fn passes(
        &self,
        locks: &str,
        kind: &str,
        accessing: Accessor,
        accessed: Option<ObjectId>,
        default: bool,
    ) -> bool {
        if accessing.account.and_then(|account| self.account(account)).is_some_and(|account| account.is_superuser) {
            return true;
        }
        let Some(expression) = expr::of_kind(locks, kind) else { return default };
        let asked = funcs::Asked { world: self, accessing, accessed };
        match expr::evaluate(expression, &asked) {
            Ok(passes) => passes,
            Err(error) => {
                tracing::error!("the lock {locks:?} can't be read, so nobody passes it: {error}");
                false
            }
        }
    }

    /// Whether a body, or the account behind it, has a permission or a higher one.
    pub fn has_permission(&self, body: ObjectId, permission: &str) -> bool {
        let accessing = self.accessor(body);
        accessing.account.and_then(|account| self.account(account)).is_some_and(|account| account.is_superuser)
            || funcs::Asked { world: self, accessing, accessed: None }.has_permission(permission)
    }

    /// A body, with the account that drives it now.
    pub(crate) fn accessor(&self, body: ObjectId) -> Accessor {
        let session = self.object(body).and_then(|object| object.sessions.first().copied());
        let account = session.and_then(|session| self.session(session)).and_then(|session| session.account());
        Accessor { account, object: Some(body) }
    }
}
