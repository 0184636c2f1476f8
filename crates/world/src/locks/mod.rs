//! Lock strings: who may do what to what. Commands, hooks and searches ask here.
//!
//! `get:perm(Builder) or holds();drop:all()` is a list of access types, each with lock functions joined by
//! `and`, `or` and `not` (all lower or all upper case), as in Evennia. A superuser passes every lock.
//!
//! Parentheses around functions must be balanced and **group nothing**: `(a() or b()) and c()` is read as
//! `a() or b() and c()`, because Evennia drops them, and a game's locks must mean here what they meant there.
//!
//! # Adding one
//!
//! A lock function is one row in the table of `funcs.rs`.

mod edit;
mod expr;
pub(crate) mod funcs;
mod values;

pub use edit::{add, parts, remove};
pub use expr::{LockError, check};

use crate::{AccountId, ObjectId, World};

/// Who wants to do something: a body, the account behind it, or both.
///
/// ```
/// # use meadow_world::{Cx, Result, locks::Accessor, say};
/// fn func(cx: &mut Cx<'_>, _: ()) -> Result {
///     let who = Accessor { account: cx.account, object: cx.puppet };
///     if !cx.world.passes("enter:perm(Helper) or tag(member, guild)", who, "enter", None, false) {
///         return Err(say("For members only."));
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Accessor {
    /// The account.
    pub account: Option<AccountId>,
    /// The body.
    pub object: Option<ObjectId>,
}

/// The permissions that include those before them, lowest first.
pub const PERMISSION_HIERARCHY: [&str; 6] = ["Guest", "Player", "Helper", "Builder", "Admin", "Developer"];

/// Attribute of an account that plays with no more rights than its character has, as Evennia names it.
const QUELL: &str = "_quell";

/// Locks and permissions.
impl World {
    /// Whether a body may do something to an object (to what, who, what they would do); `default` if its lock string does not speak of it.
    /// An object that is no more has no locks.
    ///
    /// ```
    /// # use meadow_world::{NewObject, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// # let anna = world.create(NewObject { key: "Anna", typeclass: "default.Character", ..NewObject::default() })?;
    /// # let gate = world.create(NewObject { key: "gate", ..NewObject::default() })?;
    /// world[gate].locks = "traverse:attr(badge, iron);get:false()".into();
    /// assert!(!world.access(gate, anna, "traverse", true));
    ///
    /// world[anna].db.set("badge", "iron")?;
    /// assert!(world.access(gate, anna, "traverse", true));
    /// assert!(world.access(gate, anna, "view", true), "nothing is said of it");
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    pub fn access(&self, accessed: ObjectId, accessing: ObjectId, kind: &str, default: bool) -> bool {
        let Some(object) = self.object(accessed) else { return default };
        // Most objects have no lock of most kinds, and this is asked for everything that is seen. Where the
        // default is to refuse, a superuser has still to be looked for.
        if default && !object.locks.contains(kind) {
            return true;
        }
        self.passes(&object.locks, self.accessor(accessing), kind, Some(accessed), default)
    }

    /// Whether somebody passes a lock string, in the same order as [`World::access`]; `accessed` is what has the lock, if
    /// that is an object. A lock of this kind that can't be read lets nobody pass.
    pub fn passes(
        &self,
        locks: &str,
        accessing: Accessor,
        kind: &str,
        accessed: Option<ObjectId>,
        default: bool,
    ) -> bool {
        if self.bypasses(accessing) {
            return true;
        }
        let Some(expression) = expr::of_kind(locks, kind) else { return default };
        let asked = funcs::Asked { world: self, accessing, accessed };
        match expr::evaluate(expression, &asked) {
            Ok(passes) => passes,
            Err(error) => {
                tracing::error!("the lock {kind:?} of {locks:?} can't be read, so nobody passes it: {error}");
                false
            }
        }
    }

    /// Whether a body, or the account behind it, has a permission or a higher one.
    ///
    /// ```
    /// # use meadow_world::{NewObject, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// # let anna = world.create(NewObject { key: "Anna", typeclass: "default.Character", ..NewObject::default() })?;
    /// world[anna].permissions.push("Builder".into());
    /// assert!(world.has_permission(anna, "Helper"));
    /// assert!(!world.has_permission(anna, "Admin"));
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    pub fn has_permission(&self, body: ObjectId, permission: &str) -> bool {
        let accessing = self.accessor(body);
        self.bypasses(accessing)
            || funcs::Asked { world: self, accessing, accessed: None }.has_permission(permission)
    }

    /// Whether a body passes every lock, because a superuser drives it who has not chosen otherwise.
    pub fn is_superuser(&self, body: ObjectId) -> bool {
        self.bypasses(self.accessor(body))
    }

    /// How high an account stands in the hierarchy: none below all of it, a superuser above all of it.
    pub(crate) fn rank(&self, account: AccountId) -> Option<usize> {
        let account = self.account(account)?;
        if account.is_superuser {
            Some(PERMISSION_HIERARCHY.len())
        } else {
            funcs::highest(&account.permissions)
        }
    }

    /// A body, with the account that drives it now.
    pub(crate) fn accessor(&self, body: ObjectId) -> Accessor {
        let session = self.object(body).and_then(|object| object.sessions.first().copied());
        let account = session.and_then(|session| self.session(session)).and_then(|session| session.account());
        Accessor { account, object: Some(body) }
    }

    /// Superusers pass all locks, unless they play a body and have chosen not to.
    pub(crate) fn bypasses(&self, accessing: Accessor) -> bool {
        if accessing.object.is_some() && accessing.object == self.superuser_body {
            return true;
        }
        let account = accessing.account.and_then(|account| self.account(account));
        account.is_some_and(|account| {
            account.is_superuser && (accessing.object.is_none() || !values::truthy(&account.db[QUELL]))
        })
    }
}
