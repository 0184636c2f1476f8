//! Names of things in the world: small, `Copy`, and never reused.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An object in the world, Evennia's `#dbref`.
///
/// It is `Copy`, can be kept in attributes, and may name something that is gone:
/// [`World::object`](crate::World::object) asks, `world[id]` does not.
///
/// ```
/// # use meadow_world::{NewObject, ObjectId, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let key = world.create(NewObject { key: "key", ..NewObject::default() })?;
/// let door = world.create(NewObject { key: "door", ..NewObject::default() })?;
/// world[door].db.set("opened_by", key)?;
///
/// world.destroy(key)?;
/// let opened_by: Option<ObjectId> = world[door].db.get("opened_by");
/// assert_eq!(opened_by, Some(key));
/// assert!(!world.exists(key));
/// assert_eq!(ObjectId(12).to_string(), "#12");
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObjectId(pub u64);

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// An account: somebody who plays.
///
/// ```
/// # use meadow_world::{Cx, Result};
/// fn func(cx: &mut Cx<'_>) -> Result {
///     let account = cx.account()?;
///     let visits: u32 = cx.world[account].db.get("visits").unwrap_or(0);
///     cx.world[account].db.set("visits", visits + 1)?;
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub u64);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "account {}", self.0)
    }
}
