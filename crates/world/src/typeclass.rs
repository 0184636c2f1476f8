//! Typeclasses: the behaviour of objects, by name. State stands in the [`World`], so a typeclass is a
//! unit struct that lives for ever, and a hook can be lent the whole world.
//!
//! # Adding one
//!
//! A unit struct in a file of its own, `impl Typeclass` with its `path` and the hooks that differ, and
//! one `world.typeclass(&Rose)` line in the game's setup. Every hook that is not overridden goes to
//! [`Typeclass::base`]; to call the inherited one, say `self.base().at_get(..)`.

use meadow_link::{
    CommandTuple,
    oob::{Item, RoomInfo},
};

use crate::{
    ObjectId, Result, World,
    default::{DefaultObject, root},
};

/// Declares the trait with hooks that hand over to `base()`, and at the root to the function of the same
/// name in `default::root`. A macro, so that the compiler finds a hook that has no root; written out by
/// hand, forgetting one would be an endless recursion.
macro_rules! hooks {
    ($( $(#[$doc:meta])* fn $name:ident ( $($arg:ident : $kind:ty),* ) $(-> $ret:ty)?; )*) => {
        /// How an object behaves.
        ///
        /// A unit struct in a file of its own, and one `world.typeclass(&Rose)` line in the game's setup. Every hook that
        /// is not there is that of [`Typeclass::base`]; one that is there may call the base's.
        ///
        /// ```
        /// use meadow_world::{NewObject, ObjectId, Result, Typeclass, World, WorldBuilder, say};
        ///
        /// struct Rose;
        ///
        /// impl Typeclass for Rose {
        ///     fn path(&self) -> &'static str {
        ///         "typeclasses.Rose"
        ///     }
        ///
        ///     fn at_object_creation(&self, world: &mut World, me: ObjectId) {
        ///         world.add_tag(me, "flower", "");
        ///     }
        ///
        ///     fn display_desc(&self, world: &World, me: ObjectId, looker: ObjectId) -> String {
        ///         let thorns: u32 = world[me].db.get("thorns").unwrap_or(7);
        ///         format!("{} It has {thorns} thorns.", self.base().display_desc(world, me, looker))
        ///     }
        ///
        ///     fn at_pre_get(&self, world: &mut World, me: ObjectId, _getter: ObjectId) -> Result {
        ///         if world[me].db["thorns"] != 0 { Err(say("Ouch!")) } else { Ok(()) }
        ///     }
        /// }
        ///
        /// let mut builder = WorldBuilder::new("A Game");
        /// builder.typeclass(&Rose);
        /// # let mut world = builder.load(Default::default(), Default::default()).expect("it loads");
        /// # let new = NewObject { key: "Garden", typeclass: "default.Room", ..NewObject::default() };
        /// # let room = world.create(new)?;
        /// # let typeclass = "default.Character";
        /// # let new = NewObject { key: "Anna", typeclass, location: Some(room), ..NewObject::default() };
        /// # let anna = world.create(new)?;
        ///
        /// let typeclass = "typeclasses.Rose";
        /// let rose = NewObject { key: "rose", typeclass, desc: "It is red.", ..NewObject::default() };
        /// let rose = world.create(rose)?;
        /// assert!(world.appearance(rose, anna).contains("It is red. It has 7 thorns."));
        /// # world.place(rose, Some(room));
        /// # assert_eq!(world.execute_cmd(anna, "get rose").unwrap_err().to_string(), "Ouch!");
        /// # world[rose].db.set("thorns", 0)?;
        /// # world.execute_cmd(anna, "get rose")?;
        /// # assert_eq!(world[rose].location(), Some(anna));
        /// # Ok::<(), meadow_world::Stop>(())
        /// ```
        pub trait Typeclass: Send + Sync + 'static {
            /// The name by which objects of this kind are stored: `typeclasses.Rose`. It is for ever.
            fn path(&self) -> &'static str;

            /// The typeclass that this one builds on.
            fn base(&self) -> &'static dyn Typeclass {
                &DefaultObject
            }

            /// Whether this is the root, which builds on nothing. Only `DefaultObject` is.
            #[doc(hidden)]
            fn is_root(&self) -> bool {
                false
            }

            $(
                $(#[$doc])*
                fn $name(&self, $($arg: $kind),*) $(-> $ret)? {
                    if self.is_root() { root::$name($($arg),*) } else { self.base().$name($($arg),*) }
                }
            )*
        }
    };
}

hooks! {
    /// Called once, when the object has been made: sets what it begins with.
    fn at_object_creation(world: &mut World, me: ObjectId);
    /// Called before it is destroyed. An error keeps it.
    fn at_object_delete(world: &mut World, me: ObjectId) -> Result;
    /// Called when the Server has loaded the world, after a start and after each reload.
    fn at_server_start(world: &mut World, me: ObjectId);
    /// Called before the Server ends for a reload.
    fn at_server_reload(world: &mut World, me: ObjectId);
    /// Called before the Server ends for good.
    fn at_server_shutdown(world: &mut World, me: ObjectId);

    /// A ticker of it has come round (`World::ticker_add`); the idstring says which.
    fn at_tick(world: &mut World, me: ObjectId, idstring: &str);

    /// What others call it: markup. The looker is who sees the name.
    fn display_name(world: &World, me: ObjectId, looker: ObjectId) -> String;
    /// What one sees of it: markup, in parts.
    fn display_desc(world: &World, me: ObjectId, looker: ObjectId) -> String;
    /// The line of who is in it; empty for none.
    fn display_characters(world: &World, me: ObjectId, looker: ObjectId) -> String;
    /// The line of what lies in it, or of what a character carries; empty for none.
    fn display_things(world: &World, me: ObjectId, looker: ObjectId) -> String;
    /// The line of where one can go from it; empty for none.
    fn display_exits(world: &World, me: ObjectId, looker: ObjectId) -> String;
    /// All parts together: what `look` shows.
    fn return_appearance(world: &World, me: ObjectId, looker: ObjectId) -> String;
    /// What mappers are told of it as a place: `room_info`, and `ROOM` of MSDP. What the looker may not see does not
    /// belong there.
    fn room_info(world: &World, me: ObjectId, looker: ObjectId) -> RoomInfo;
    /// What clients are told of it as a thing that the looker carries: `char_items_list` and its kind. Say
    /// [`World::tell_item`] when that has changed.
    fn item(world: &World, me: ObjectId, looker: ObjectId) -> Item;
    /// Whether a looker can see something that is in it: by `look`, and by what clients are told of who is there
    /// (`room_players`). Say [`World::tell_room_players`] when that has changed.
    fn shows(world: &World, me: ObjectId, inside: ObjectId, looker: ObjectId) -> bool;
    /// Called when somebody has looked at it.
    fn at_desc(world: &mut World, me: ObjectId, looker: ObjectId);

    /// May it move there? An error is told to whoever moves it.
    fn at_pre_move(world: &mut World, me: ObjectId, destination: ObjectId) -> Result;
    /// It is about to leave: tells those that stay.
    fn announce_move_from(world: &mut World, me: ObjectId, destination: ObjectId);
    /// Something leaves it. An error stops the move.
    fn at_object_leave(world: &mut World, me: ObjectId, moved: ObjectId, destination: ObjectId) -> Result;
    /// Something has come into it.
    fn at_object_receive(world: &mut World, me: ObjectId, moved: ObjectId, source: Option<ObjectId>);
    /// It has come: tells those that were there.
    fn announce_move_to(world: &mut World, me: ObjectId, source: Option<ObjectId>);
    /// It has moved.
    fn at_post_move(world: &mut World, me: ObjectId, source: Option<ObjectId>);

    /// It is an exit, and somebody may pass: moves them.
    fn at_traverse(world: &mut World, me: ObjectId, traveller: ObjectId, destination: ObjectId) -> Result;
    /// It is an exit, and somebody may not pass.
    fn at_failed_traverse(world: &mut World, me: ObjectId, traveller: ObjectId) -> Result;

    /// May it be taken? An error is told to the one who tries.
    fn at_pre_get(world: &mut World, me: ObjectId, getter: ObjectId) -> Result;
    /// It has been taken.
    fn at_get(world: &mut World, me: ObjectId, getter: ObjectId);
    /// May it be put down?
    fn at_pre_drop(world: &mut World, me: ObjectId, dropper: ObjectId) -> Result;
    /// It has been put down.
    fn at_drop(world: &mut World, me: ObjectId, dropper: ObjectId);
    /// May it be given away?
    fn at_pre_give(world: &mut World, me: ObjectId, giver: ObjectId, getter: ObjectId) -> Result;
    /// It has been given away.
    fn at_give(world: &mut World, me: ObjectId, giver: ObjectId, getter: ObjectId);
    /// It is to be given something, and is asked before what is given. An error is told to the giver, who keeps it;
    /// what is no character refuses everything.
    fn at_pre_give_to(world: &mut World, me: ObjectId, item: ObjectId, giver: ObjectId) -> Result;
    /// It has been given something: the last hook of a gift, after `at_give` of what was given.
    fn at_give_to(world: &mut World, me: ObjectId, item: ObjectId, giver: ObjectId);

    /// It is about to say something: gives back what it will say.
    fn at_pre_say(world: &mut World, me: ObjectId, speech: String) -> Result<String>;
    /// It says something, to all who are where it is.
    fn at_say(world: &mut World, me: ObjectId, speech: &str);

    /// Something is told to it. False keeps it from the sessions that puppet it.
    fn at_msg_receive(world: &mut World, me: ObjectId, tuple: &CommandTuple) -> bool;
    /// Whether `at_msg_receive` does anything: an object that only hands on what it is told can be told
    /// the same as others in one message.
    fn listens() -> bool;

    /// A player is about to take it as a body.
    fn at_pre_puppet(world: &mut World, me: ObjectId) -> Result;
    /// A player has taken it as a body.
    fn at_post_puppet(world: &mut World, me: ObjectId);
    /// A player is about to leave it.
    fn at_pre_unpuppet(world: &mut World, me: ObjectId);
    /// The last player has left it.
    fn at_post_unpuppet(world: &mut World, me: ObjectId);
    /// Its player's connection broke; it stays for a while, and `at_post_unpuppet` follows if nobody comes back.
    fn at_link_lost(world: &mut World, me: ObjectId);
    /// Its player is back in time.
    fn at_link_restored(world: &mut World, me: ObjectId);
    /// A client shows it from now on, whichever way its player came to it: is told what it shows besides text, such as
    /// `char_vitals`. Its name, its place and what it carries are told by themselves.
    fn tell_client(world: &mut World, me: ObjectId);
}
