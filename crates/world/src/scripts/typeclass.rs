//! Typeclasses of scripts: what a script does, by name. As with objects, state stands in the world, so a typeclass
//! is a unit struct that lives for ever, and a hook is lent the whole world.

use crate::{Result, ScriptId, World};

/// Declares the trait with hooks that hand over to `base()`, and do what stands behind the `=` where there is none.
macro_rules! hooks {
    ($( $(#[$doc:meta])* fn $name:ident ( $($arg:ident : $kind:ty),* ) $(-> $ret:ty)? = $default:expr; )*) => {
        /// How a script behaves. Every hook that is not overridden goes to [`ScriptTypeclass::base`]; an example is at
        /// [`NewScript`](crate::NewScript).
        ///
        /// ```
        /// use std::time::Duration;
        /// use meadow_world::{NewScript, Result, ScriptId, ScriptTypeclass, World, WorldBuilder};
        ///
        /// struct Weather;
        ///
        /// impl ScriptTypeclass for Weather {
        ///     fn path(&self) -> &'static str {
        ///         "scripts.Weather"
        ///     }
        ///
        ///     fn at_repeat(&self, world: &mut World, _me: ScriptId) -> Result {
        ///         world.msg_all("Clouds drift over.");
        ///         Ok(())
        ///     }
        /// }
        ///
        /// let mut world = WorldBuilder::new("A Game");
        /// let interval = Some(Duration::from_secs(600));
        /// let weather = NewScript { key: "weather", typeclass: "scripts.Weather", interval, ..NewScript::default() };
        /// world.script(&Weather).global_script(weather);
        /// ```
        pub trait ScriptTypeclass: Send + Sync + 'static {
            /// The name by which scripts of this kind are stored: `scripts.Weather`. It is for ever.
            fn path(&self) -> &'static str;

            /// The typeclass that this one builds on.
            fn base(&self) -> Option<&'static dyn ScriptTypeclass> {
                None
            }

            $(
                $(#[$doc])*
                fn $name(&self, $($arg: $kind),*) $(-> $ret)? {
                    match self.base() {
                        Some(base) => base.$name($($arg),*),
                        None => {
                            $(let _ = $arg;)*
                            $default
                        }
                    }
                }
            )*
        }
    };
}

hooks! {
    /// Called once, when the script has been made: sets its key, interval, attributes ...
    fn at_script_creation(world: &mut World, me: ScriptId) = ();
    /// Whether it may go on; asked at each start and before each repetition. If not, it is stopped.
    fn is_valid(world: &World, me: ScriptId) -> bool = true;
    /// Its timer was started, or goes on after a pause by hand. (Not after a reload, during which a timer goes on.)
    fn at_start(world: &mut World, me: ScriptId) = ();
    /// Its interval has passed. An error is logged; ten in a row stop it.
    fn at_repeat(world: &mut World, me: ScriptId) -> Result = Ok(());
    /// Its timer was paused.
    fn at_pause(world: &mut World, me: ScriptId) = ();
    /// Its timer was stopped, by hand, by an end of its repetitions, or because the script is about to be deleted.
    fn at_stop(world: &mut World, me: ScriptId) = ();
    /// Called before it is deleted. An error keeps it, unless its owner is about to be no more.
    fn at_script_delete(world: &mut World, me: ScriptId) -> Result = Ok(());
    /// The Server is about to be reloaded.
    fn at_server_reload(world: &mut World, me: ScriptId) = ();
    /// The Server is about to stop, or to start cold.
    fn at_server_shutdown(world: &mut World, me: ScriptId) = ();
    /// Called when the Server has loaded the world, after a start and after each reload.
    fn at_server_start(world: &mut World, me: ScriptId) = ();
}

/// A script that does nothing: a place for attributes.
///
/// ```
/// # use meadow_world::{NewScript, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let ledger = world.create_script(NewScript { key: "ledger", ..NewScript::default() })?;
/// assert_eq!(world.script(ledger).map(|script| script.typeclass_path()), Some("default.Script"));
/// # Ok::<(), meadow_world::Stop>(())
/// ```
pub struct DefaultScript;

impl ScriptTypeclass for DefaultScript {
    fn path(&self) -> &'static str {
        "default.Script"
    }
}
