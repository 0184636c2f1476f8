//! The commands `@scripts`, `@tickers` and `@tasks`, and what players see of scripts, tickers and delays over reloads
//! and crashes.

use std::time::Duration;

use meadow::{prelude::*, transcript};

/// Rains on everybody in the room that has it.
struct Weather;

impl ScriptTypeclass for Weather {
    fn path(&self) -> &'static str {
        "scripts.Weather"
    }

    fn at_script_creation(&self, world: &mut World, me: ScriptId) {
        if let Some(script) = world.script_mut(me) {
            script.interval = Duration::from_secs(60);
            script.start_delay = true;
            script.desc = "It |brains|n.".into();
        }
    }

    fn at_repeat(&self, world: &mut World, me: ScriptId) -> Result {
        let times = world.script(me).and_then(|script| script.db.get::<u32>("times")).unwrap_or(0) + 1;
        if let Some(script) = world.script_mut(me) {
            script.db.set("times", times)?;
        }
        if let Some(ScriptOwner::Object(room)) = world.script(me).map(|script| script.owner()) {
            world.msg_contents(room, format!("It rains for the {times}. time."), &[]);
        }
        Ok(())
    }
}

/// Builds on the weather, and stops after two times.
struct Shower;

impl ScriptTypeclass for Shower {
    fn path(&self) -> &'static str {
        "scripts.Shower"
    }

    fn base(&self) -> Option<&'static dyn ScriptTypeclass> {
        Some(&Weather)
    }

    fn at_script_creation(&self, world: &mut World, me: ScriptId) {
        Weather.at_script_creation(world, me);
        if let Some(script) = world.script_mut(me) {
            script.repeats = 2;
        }
    }
}

/// Refuses to be deleted.
struct Clingy;

impl ScriptTypeclass for Clingy {
    fn path(&self) -> &'static str {
        "scripts.Clingy"
    }

    fn at_script_delete(&self, _world: &mut World, _me: ScriptId) -> Result {
        Err(say("No."))
    }
}

/// A bird that sings.
struct Bird;

impl Typeclass for Bird {
    fn path(&self) -> &'static str {
        "typeclasses.Bird"
    }

    fn at_tick(&self, world: &mut World, me: ObjectId, song: &str) {
        if let Some(room) = world[me].location() {
            let told = format!("{} sings: {song}", world[me].key());
            world.msg_contents(room, told, &[]);
        }
    }
}

fn grow(world: &mut World, ticker: &Ticker) -> Result {
    let room = ticker.object()?;
    world.msg_contents(room, "The grass grows.", &[]);
    Ok(())
}

fn bloom(world: &mut World, (room, colour): (ObjectId, String)) -> Result {
    if colour == "no" {
        return Err(bug("there is no such colour"));
    }
    world.msg_contents(room, format!("A {colour} flower blooms."), &[]);
    Ok(())
}

/// `plant COLOUR`: after a minute it blooms.
struct CmdPlant;

impl Command for CmdPlant {
    const META: Meta = Meta { key: "plant", ..Meta::DEFAULT };
    type Args = String;

    fn func(&self, cx: &mut Cx<'_>, colour: String) -> Result {
        let room = cx.location()?;
        cx.world.delay(Duration::from_secs(60), "bloom", (room, colour))?;
        Ok(())
    }
}

/// `wind`: starts tickers.
struct CmdWind;

impl Command for CmdWind {
    const META: Meta = Meta { key: "wind", ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let (room, session) = (cx.location()?, cx.session()?);
        let minute = Duration::from_secs(60);
        let grass =
            NewTicker { interval: minute, function: "grow", subscriber: room.into(), ..Default::default() };
        cx.world.ticker_add(grass)?;
        cx.world.ticker_add(NewTicker {
            interval: minute * 2,
            function: "chime",
            subscriber: session.into(),
            idstring: "|rx",
            persistent: false,
        })?;
        let bird = cx.world.objects_named("bird")[0];
        let interval = Duration::from_millis(1500);
        let song = NewTicker { interval, subscriber: bird.into(), idstring: "tweet", ..Default::default() };
        cx.world.ticker_add(song)?;
        Ok(())
    }
}

fn chime(world: &mut World, ticker: &Ticker) -> Result {
    if let meadow::Subscriber::Session(session) = ticker.subscriber() {
        world.msg(session, "You hear a chime.");
    }
    Ok(())
}

fn setup(world: &mut WorldBuilder) {
    world.script(&Weather).script(&Shower).script(&Clingy).typeclass(&Bird);
    world.ticker("grow", grow).ticker("chime", chime).delayed("bloom", bloom);
    world.command(For::Character, CmdPlant).command(For::Character, CmdWind);
    world.global_script(NewScript {
        key: "tides",
        interval: Some(Duration::from_secs(3600)),
        ..Default::default()
    });
    world.at_initial_setup(|world| {
        let new = |key, typeclass| NewObject { key, typeclass, ..NewObject::default() };
        let hall = world.create(new("Hall", "default.Room"))?;
        world.create(NewObject { location: Some(hall), ..new("bird", "typeclasses.Bird") })?;
        world.create(NewObject { location: Some(hall), ..new("frog", "") })?;
        world.set_start_location(hall);
        Ok(())
    });
}

#[test]
fn scripts_of_objects_go_on_over_reloads_and_crashes() {
    transcript(
        setup,
        "
@Anna (Builder)
> @scripts here =
x
> @scripts here = Weather
x
+ 50s
x
! crash
x
+ 10s
x
! reload
x
+ 59s
x
+ 1s
x
> @script here
x
> @scripts/pause weather
x
> @scripts/pause weather
x
+ 10m
x
! reload
x
> @scripts/start weather
x
> @scripts/start weather
x
+ 60s
x
> @scripts/stop here =
x
+ 10m
x
> @scripts/start here = weather
x
> @scripts/delete here =
x
> @scripts here
x
",
    );
}

#[test]
fn scripts_are_listed_made_and_deleted() {
    transcript(
        setup,
        "
@Bob
> @scripts
x
@Anna (Builder)
> @scripts
x
> @scripts frog = scripts.Shower
x
> @scripts scripts.weather
x
> @scripts/start frog = clingy
x
> @scripts
x
> @scripts shower
x
+ 121s
> @scripts frog
x
> @scripts |rfrog
x
> @scripts frog = scripts.|rNo
x
> @scripts/delete #3-#9
x
> n
x
> @scripts/delete #3-9
x
> y
x
> @scripts/stop
x
> @scripts/stop nothing
x
> @scripts/stop/start tides
x
> @scripts = tides
x
> @scripts/delete tides
x
! reload
> @scripts
x
",
    );
}

#[test]
fn tickers_tick_over_reloads_and_are_listed() {
    transcript(
        setup,
        "
@Anna (Builder)
> @tickers
x
> wind
> @tickers
x
+ 3s
x
! reload
x
+ 1s
> @tickers
x
+ 500ms
x
! crash
> @tickers
x
",
    );
}

#[test]
fn tasks_are_done_whatever_happens() {
    transcript(
        setup,
        "
@Anna (Developer)
> @tasks
x
> plant red
> plant blue
+ 30s
> plant no
> @tasks
x
> @delays/pause 2
x
> y
x
! crash
+ 30s
x
> @task/unpause bloom
x
> y
x
> @tasks/call 2
x
> y
x
> @tasks/do_task 3
x
> y
x
> @tasks/cancel 2
x
> n
x
> @tasks/cancel #2
x
> y
x
+ 10m
x
> @tasks bloom
x
> @tasks/do_task 2
x
> y
x
> plant green
> @tasks/remove bloom
x
> y
x
+ 10m
x
> @tasks 4
x
> @tasks/remove |r4
x
> @tasks/call
x
> @tasks/fly 4
x
",
    );
}
