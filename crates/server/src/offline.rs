//! What the launcher does to a game that is stopped: superusers, and accounts for load tests.

use meadow_link::Time;
use meadow_world::{AccountId, Batch, NewObject, ObjectId, Stop, Store, World, WorldBuilder};

use crate::{
    ServerConfig, ServerError,
    clock::Clock,
    jobs,
    run::builder,
    store::{SqliteStore, merge},
};

/// Accounts that are made in one step: what all of them change, such as the list of who hears a channel, is stored once.
const ACCOUNTS_AT_ONCE: usize = 1_000;
/// Rows that are stored in one transaction.
const ROWS_AT_ONCE: usize = 5_000;

/// Makes a superuser, or makes one of the account that has the name. Says whether the account is new.
///
/// # Errors
/// The game runs, the database can't be used, or the name or password can't be had.
pub fn superuser(
    config: &ServerConfig,
    setup: fn(&mut WorldBuilder),
    name: &str,
    password: &str,
) -> Result<bool, ServerError> {
    let mut offline = Offline::open(config, setup)?;
    offline.world.check_superuser(name, password).map_err(told)?;
    let hash = jobs::hash(password).map_err(ServerError::World)?;
    let new = offline.world.make_superuser(name, &hash).map_err(told)?;
    offline.store()?;
    Ok(new)
}

/// Makes `count` accounts `user0` ..., passwords `password0x` ..., each with a character `User0` ... in a meadow of
/// its own; or `crowd0` ..., all in one room, The Square. The hashes are cheap, and say so. Accounts that are
/// there already are left alone. Says how many are new.
///
/// # Errors
/// The game runs, or the database can't be used.
pub fn populate(
    config: &ServerConfig,
    setup: fn(&mut WorldBuilder),
    count: usize,
    together: Together,
) -> Result<usize, ServerError> {
    let mut offline = Offline::open(config, setup)?;
    let square = match together {
        Together::Yes => Some(offline.square()?),
        Together::No => None,
    };
    let mut made = 0;
    for number in 0..count {
        let name = format!("{}{number}", if square.is_some() { "crowd" } else { "user" });
        if offline.world.account_named(&name).is_some() {
            continue;
        }
        let hash = jobs::cheap_hash(&format!("password{number}x")).map_err(ServerError::World)?;
        let account = offline.world.create_account_unchecked(&name, &hash).map_err(told)?;
        let place = match square {
            Some(square) => square,
            None => offline.meadow()?,
        };
        offline.settle_in(account, place, number, square.is_some())?;
        made += 1;
        if made % ACCOUNTS_AT_ONCE == 0 {
            offline.store_some()?;
        }
    }
    offline.store()?;
    Ok(made)
}

/// Where populated characters stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Together {
    /// Each in a meadow of its own.
    No,
    /// All in The Square.
    Yes,
}

/// A world without a Portal.
struct Offline {
    world: World,
    database: SqliteStore,
    waiting: Batch,
    clock: Clock,
}

impl Offline {
    fn open(config: &ServerConfig, setup: fn(&mut WorldBuilder)) -> Result<Offline, ServerError> {
        let clock = Clock::start();
        let mut database = SqliteStore::open(&config.database)?;
        let snapshot = database.load()?;
        let world = builder(config, setup).load(snapshot, clock.now()).map_err(ServerError::World)?;
        Ok(Offline { world, database, waiting: Batch::default(), clock })
    }

    /// Stores what has changed, if it is worth a transaction of its own.
    fn store_some(&mut self) -> Result<(), ServerError> {
        let now: Time = self.clock.now();
        self.world.advance(now);
        let step = self.world.take_step();
        merge(&mut self.waiting, step.batch);
        if self.waiting.rows() >= ROWS_AT_ONCE {
            self.commit()?;
        }
        Ok(())
    }

    fn store(&mut self) -> Result<(), ServerError> {
        self.store_some()?;
        self.commit()
    }

    fn commit(&mut self) -> Result<(), ServerError> {
        let batch = std::mem::take(&mut self.waiting);
        Ok(self.database.apply(&batch)?)
    }

    /// A meadow like the first one, with a flower and two ways out that lead nowhere but back.
    fn meadow(&mut self) -> Result<ObjectId, ServerError> {
        let room = self.room("A Meadow", "This is a beautiful meadow. It is full of flowers.")?;
        self.thing("flower", "default.Object", room, None)?;
        self.thing("north", "default.Exit", room, Some(room))?;
        self.thing("east", "default.Exit", room, Some(room))?;
        Ok(room)
    }

    fn square(&mut self) -> Result<ObjectId, ServerError> {
        match self.world.objects_named("The Square").first() {
            Some(square) => Ok(*square),
            None => self.room("The Square", "A wide square, made for crowds."),
        }
    }

    fn room(&mut self, key: &str, desc: &str) -> Result<ObjectId, ServerError> {
        let new = NewObject { key, desc, typeclass: "default.Room", ..NewObject::default() };
        self.world.create(new).map_err(told)
    }

    fn thing(
        &mut self,
        key: &str,
        typeclass: &str,
        location: ObjectId,
        destination: Option<ObjectId>,
    ) -> Result<ObjectId, ServerError> {
        let new = NewObject { key, typeclass, location: Some(location), destination, ..NewObject::default() };
        self.world.create(new).map_err(told)
    }

    /// Names the account's character and puts its home where it stands.
    fn settle_in(
        &mut self,
        account: AccountId,
        place: ObjectId,
        number: usize,
        crowd: bool,
    ) -> Result<(), ServerError> {
        let Some(body) = self.world[account].characters.first().copied() else {
            return Err(ServerError::World(format!("{account} has no character")));
        };
        self.world.rename(body, &format!("{}{number}", if crowd { "Crowd" } else { "User" }));
        self.world[body].home = Some(place);
        Ok(())
    }
}

fn told(stop: Stop) -> ServerError {
    ServerError::World(stop.to_string())
}
