//! Who hears channels: accounts and objects. Commands and hooks hand in the number of either.

use serde::{Deserialize, Serialize};

use crate::{AccountId, ObjectId, Receiver};

/// Who hears a channel, and talks on it: an account, in character and out, or an object.
///
/// ```
/// # use meadow_world::{NewObject, Subscriber, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// # let anna = world.create(NewObject { key: "Anna", ..NewObject::default() })?;
/// let public = world.channel_named("Public").expect("every game has it");
/// world.subscribe(public, anna)?;
/// assert_eq!(world.channels_of(anna), [public]);
/// assert_eq!(world.subscriber_name(Subscriber::Object(anna)), "Anna");
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Subscriber {
    /// Every session of an account.
    Account(AccountId),
    /// Every session that puppets an object.
    Object(ObjectId),
}

impl From<AccountId> for Subscriber {
    fn from(id: AccountId) -> Subscriber {
        Subscriber::Account(id)
    }
}

impl From<ObjectId> for Subscriber {
    fn from(id: ObjectId) -> Subscriber {
        Subscriber::Object(id)
    }
}

impl From<Subscriber> for Receiver {
    fn from(who: Subscriber) -> Receiver {
        match who {
            Subscriber::Account(id) => Receiver::Account(id),
            Subscriber::Object(id) => Receiver::Object(id),
        }
    }
}
