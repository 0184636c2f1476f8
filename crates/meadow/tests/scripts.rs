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
    if let meadow::TickerSubscriber::Session(session) = ticker.subscriber() {
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
@Anna (Admin)
> @scripts here =
No scripts found.
> @scripts here = Weather
Script Weather (#2, scripts.Weather) was added to Hall.
+ 50s
! crash
+ 10s
It rains for the 1. time.
! reload
The game has been reloaded.
+ 59s
+ 1s
It rains for the 2. time.
> @script here
Id  Owner     Key      Interval  Next  Left  Typeclass        Description
\\#2  Hall(#1)  Weather  60s       60s   -     scripts.Weather  It |brains|n.
> @script weather
Script Weather (#2)
  Typeclass: scripts.Weather
  Description: It |brains|n.
  Owner: Hall(#1)
  Interval: 60s
  Next repeat: 60s
  Repeats left: -
  Persistent: yes
  Created: 2027-01-15 08:00
  db.times: 2
> @scripts/pause weather
Script Weather (#2, scripts.Weather) was paused.
> @scripts/pause weather
Script Weather (#2, scripts.Weather) does not run.
+ 10m
! reload
The game has been reloaded.
> @scripts/start weather
Script Weather (#2, scripts.Weather) goes on.
> @scripts/start weather
Script Weather (#2, scripts.Weather) runs already.
+ 60s
It rains for the 3. time.
> @scripts/stop here =
Script Weather (#2, scripts.Weather) was stopped.
+ 10m
> @scripts/start here = weather
Script Weather (#2, scripts.Weather) was started.
> @scripts/delete here =
Script Weather (#2, scripts.Weather) was deleted.
> @scripts here
No scripts found.
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
Command '@scripts' is not available. Type \"help\" for help.
@Anna (Admin)
> @scripts
Id  Owner   Key    Interval  Next  Left  Typeclass       Description
\\#1  global  tides  3600s     0s    -     default.Script
> @scripts frog = scripts.Shower
Script Shower (#2, scripts.Shower) was added to frog.
> @scripts scripts.weather
Global script Weather (#3, scripts.Weather) was created.
> @scripts/start frog = clingy
Script Clingy (#4, scripts.Clingy) was added to frog.
> @scripts
Id  Owner     Key      Interval  Next  Left  Typeclass        Description
\\#1  global    tides    3600s     0s    -     default.Script
\\#2  frog(#3)  Shower   60s       60s   2     scripts.Shower   It |brains|n.
\\#3  global    Weather  60s       60s   -     scripts.Weather  It |brains|n.
\\#4  frog(#3)  Clingy   -         -     -     scripts.Clingy
> @scripts shower
Script Shower (#2)
  Typeclass: scripts.Shower
  Description: It |brains|n.
  Owner: frog(#3)
  Interval: 60s
  Next repeat: 60s
  Repeats left: 2
...
+ 121s
> @scripts frog
Id  Owner     Key     Interval  Next     Left  Typeclass       Description
\\#2  frog(#3)  Shower  60s       stopped  0     scripts.Shower  It |brains|n.
\\#4  frog(#3)  Clingy  -         -        -     scripts.Clingy
> @scripts |rfrog
There is no script, typeclass of scripts or object called '|rfrog'.
> @scripts frog = scripts.|rNo
There is no typeclass of scripts 'scripts.|rNo'. There are: default.Script, scripts.Clingy, scripts.Shower, scripts.Weather.
> @scripts/delete #3-#9
Delete 2 scripts? [Y]/N?
> n
Nothing was deleted.
> @scripts/delete #3-9
Delete 2 scripts? [Y]/N?
> y
Script Weather (#3, scripts.Weather) was deleted.
Script Clingy (#4, scripts.Clingy) refuses to be deleted.
> @scripts/stop
Which script? Give its key, #number or typeclass.
> @scripts/stop nothing
No scripts found.
> @scripts/stop/start tides
Only one of /start, /stop, /pause and /delete at a time.
> @scripts = tides
Which object? @scripts <object> = [<script>]
> @scripts/delete tides
Script tides (#1, default.Script) was deleted.
! reload
The game has been reloaded.
> @scripts
Id  Owner     Key     Interval  Next     Left  Typeclass       Description
\\#2  frog(#3)  Shower  60s       stopped  0     scripts.Shower  It |brains|n.
\\#4  frog(#3)  Clingy  -         -        -     scripts.Clingy
\\#5  global    tides   3600s     0s       -     default.Script
",
    );
}

#[test]
fn tickers_tick_over_reloads_and_are_listed() {
    transcript(
        setup,
        "
@Anna (Admin)
> @tickers
There are no tickers.
> wind
> @tickers
Interval  Next  Object     Function  Idstring  Persistent
1.5s      1.5s  bird(#2)   at_tick   tweet     yes
60s       60s   Hall(#1)   grow                yes
120s      120s  session 1  chime     |rx       no
+ 3s
bird sings: tweet
bird sings: tweet
! reload
The game has been reloaded.
+ 1s
> @tickers
Interval  Next  Object     Function  Idstring  Persistent
1.5s      0.5s  bird(#2)   at_tick   tweet     yes
60s       56s   Hall(#1)   grow                yes
120s      116s  session 1  chime     |rx       no
+ 500ms
bird sings: tweet
! crash
> @tickers
Interval  Next   Object    Function  Idstring  Persistent
1.5s      1.5s   bird(#2)  at_tick   tweet     yes
60s       55.5s  Hall(#1)  grow                yes
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
There are no tasks.
> plant red
> plant blue
+ 30s
> plant no
> @tasks
Task  Function  Due in  Data
1     bloom     30s     [1,\"red\"]
2     bloom     30s     [1,\"blue\"]
3     bloom     60s     [1,\"no\"]
> @delays/pause 2
Pause task 2 (bloom)? [Y]/N?
> y
Task 2 was paused.
! crash
+ 30s
A red flower blooms.
> @task/unpause bloom
Go on with 2 tasks? [Y]/N?
> y
Task 2 goes on.
Task 3 is not in that state.
> @tasks/call 2
Do task 2 (bloom)? [Y]/N?
> y
A blue flower blooms.
Task 2 was done.
> @tasks/do_task 3
Do task 3 (bloom)? [Y]/N?
> y
Something broke. The staff of this game can read about it in the log.
> @tasks/cancel 2
Cancel task 2 (bloom)? [Y]/N?
> n
Nothing was done.
> @tasks/cancel #2
Cancel task 2 (bloom)? [Y]/N?
> y
Task 2 was cancelled.
+ 10m
> @tasks bloom
Task  Function  Due in     Data
2     bloom     cancelled  [1,\"blue\"]
> @tasks/do_task 2
Do task 2 (bloom)? [Y]/N?
> y
A blue flower blooms.
Task 2 was done.
> plant green
> @tasks/remove bloom
Remove task 4 (bloom)? [Y]/N?
> y
Task 4 was removed.
+ 10m
> @tasks 4
There is no task '4'.
",
    );
}

#[test]
fn only_tasks_that_are_there_can_be_managed() {
    transcript(
        setup,
        "
@Bob (Builder)
> @tasks
Command '@tasks' is not available. Maybe you meant \"@tags\"?
@Anna (Developer)
> @tasks/remove |r4
There is no task '|r4'.
> @tasks/call
Which? @tasks/call <number> or <function>
> @tasks/fly 4
There is no switch /fly: there are /pause, /unpause, /do_task, /call, /remove and /cancel.
",
    );
}
