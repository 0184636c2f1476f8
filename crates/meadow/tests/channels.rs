//! Channels, pages, nicks and help, as far as a transcript cannot say it: what programs are told, limits, and what a game
//! registers.

use meadow::{
    AccountId, AccountTypeclass, CHANNEL_HISTORY, ChannelId, ChannelTypeclass, DefaultChannel, HelpTopic,
    Kwargs, NewChannel, NewObject, ObjectId, Result, Subscriber, TestGame, World, WorldBuilder, say,
};
use serde_json::json;

/// A channel that whispers, keeps Bob out, and from Cleo what has to do with secrets.
struct Radio;

impl ChannelTypeclass for Radio {
    fn path(&self) -> &'static str {
        "test.Radio"
    }

    fn at_channel_creation(&self, world: &mut World, me: ChannelId) {
        if let Some(channel) = world.channel_mut(me) {
            channel.db.set("made", true).expect("a bool is JSON");
        }
    }

    fn pre_join_channel(&self, world: &mut World, _me: ChannelId, who: Subscriber) -> Result {
        match world.subscriber_name(who).as_str() {
            "Bob" => Err(say("The radio is broken, Bob.")),
            _ => Ok(()),
        }
    }

    fn pre_leave_channel(&self, _world: &mut World, _me: ChannelId, _who: Subscriber) -> Result {
        Err(say("You can't switch it off."))
    }

    fn at_pre_msg(&self, _: &mut World, _: ChannelId, _: Option<Subscriber>, said: String) -> Result<String> {
        if said.contains("loud") { Err(say("Not so loud.")) } else { Ok(said.to_lowercase()) }
    }

    fn channel_prefix(&self, _world: &World, _me: ChannelId) -> String {
        "*krr* ".to_owned()
    }

    fn at_msg_receive(
        &self,
        world: &mut World,
        _me: ChannelId,
        who: Subscriber,
        _sender: Option<Subscriber>,
        shown: &str,
    ) -> bool {
        world.subscriber_name(who) != "Cleo" || !shown.contains("secret")
    }

    fn at_post_msg(&self, world: &mut World, me: ChannelId, sender: Option<Subscriber>, shown: &str) {
        if sender.is_some() && shown.contains("echo") {
            let _ = world.channel_msg(me, None, "Echo!");
        }
    }
}

fn setup(world: &mut WorldBuilder) {
    world.channel_typeclass(&Radio);
    world.default_channel(NewChannel { key: "Radio", typeclass: "test.Radio", ..NewChannel::default() });
    world.help_entry(HelpTopic {
        key: "tuning",
        aliases: &["dial"],
        category: "Radio",
        text: "Turn it slowly.\n# subtopics\n## knobs\nThere are two.",
        ..HelpTopic::default()
    });
    world.help_entry(HelpTopic {
        key: "codes",
        locks: "read:perm(Admin)",
        text: "7700",
        ..HelpTopic::default()
    });
    world.help_entry(HelpTopic { key: "look", text: "never shown", ..HelpTopic::default() });
    world.at_initial_setup(|world| {
        let room =
            world.create(NewObject { key: "Hall", typeclass: "default.Room", ..NewObject::default() })?;
        world.set_start_location(room);
        Ok(())
    });
}

fn body(game: &mut TestGame, name: &str) -> ObjectId {
    let account = game.world().account_named(name).expect("they have logged in");
    game.world()[account].characters[0]
}

fn channel(game: &mut TestGame, name: &str) -> ChannelId {
    game.world().channel_named(name).expect("there is one")
}

#[test]
fn the_hooks_of_a_channel_are_called() {
    let mut game = TestGame::new(setup);
    for name in ["Anna", "Bob", "Cleo"] {
        game.login(name);
    }
    let radio = channel(&mut game, "radio");
    assert_eq!(game.world().channel(radio).unwrap().db.get("made"), Some(true));
    for name in ["Anna", "Bob", "Cleo"] {
        game.read(name);
    }
    assert_eq!(game.line("Anna", "radio HELLO"), "*krr* Anna: hello");
    assert_eq!(game.read("Cleo"), "*krr* Anna: hello");
    assert_eq!(game.line("Bob", "@channel/sub radio"), "The radio is broken, Bob.");
    assert_eq!(game.line("Anna", "radio a loud word"), "Not so loud.");
    assert_eq!(game.line("Anna", "radio a secret"), "*krr* Anna: a secret");
    assert_eq!(game.read("Cleo"), "");
    assert_eq!(game.line("Anna", "radio echo"), "*krr* Anna: echo\n*krr* echo!");
    assert_eq!(game.line("Anna", "@channel/unsub radio"), "You can't switch it off.");
}

#[test]
fn programs_are_told_what_was_said_and_which_channels_there_are() {
    let mut game = TestGame::new(setup);
    for name in ["Anna", "Bob"] {
        game.login(name);
    }
    let account = game.world().account_named("Bob").unwrap();
    let session = game.world()[account].sessions()[0];
    game.world().set_flags(session, Kwargs::from_iter([("OOB".to_owned(), json!(true))]));
    game.take_tuples("Anna");
    game.take_tuples("Bob");
    game.line("Anna", "pub |rhello");
    let public = channel(&mut game, "public");
    let told = game.take_tuples("Bob");
    assert_eq!(told[0].first_str(), Some("[Public] Anna: ||rhello"));
    let payload: Vec<String> = told[0].payload().map(|(key, value)| format!("{key}={value}")).collect();
    let number = format!("from_channel={}", public.0);
    assert_eq!(payload, ["type=\"channel\"", "channel=\"Public\"", number.as_str(), "talker=\"Anna\""]);
    assert_eq!(told[1].name, "comm_channel_text");
    assert_eq!(
        json!(told[1].kwargs),
        json!({ "channel": "Public", "talker": "Anna", "text": "[Public] Anna: |rhello" })
    );
    assert_eq!(game.take_tuples("Anna").len(), 1, "who takes no such data gets none");
    game.line("Bob", "@channel/create Trade");
    let told = game.take_tuples("Bob");
    let list = told.iter().find(|tuple| tuple.name == "comm_channel_list").expect("the list has changed");
    let names: Vec<&str> =
        list.args[0].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Public", "Trade"]);
}

#[test]
fn history_has_a_limit_and_survives() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    let public = channel(&mut game, "public");
    let shown = |game: &mut TestGame| -> Vec<String> {
        game.world().channel_history(public).map(|line| line.shown.clone()).collect()
    };
    for at in 1..=CHANNEL_HISTORY {
        game.line("Anna", &format!("pub line {at}"));
    }
    assert_eq!(
        (shown(&mut game).len(), shown(&mut game)[0].as_str()),
        (CHANNEL_HISTORY, "[Public] Anna: line 1")
    );
    game.line("Anna", "pub one more");
    let before = shown(&mut game);
    assert_eq!((before.len(), before[0].as_str()), (CHANNEL_HISTORY, "[Public] Anna: line 2"));
    game.crash();
    assert_eq!(shown(&mut game), before);
    let long = "x".repeat(4000);
    assert_eq!(
        game.line("Anna", &format!("pub {long}x")),
        "That is too long to be said: 4000 characters are the most."
    );
    game.read("Anna");
    assert!(game.line("Anna", &format!("pub {long}")).ends_with(&long));
}

#[test]
fn default_channels_are_made_once() {
    let mut game = TestGame::new(setup);
    game.permit("Anna", "superuser");
    game.login("Anna");
    game.line("Anna", "@channel/destroy public");
    assert!(game.line("Anna", "y").contains("Destroyed channel 'Public'."));
    game.reload();
    assert_eq!(game.world().channel_named("pub"), None);
    assert!(game.world().channel_named("radio").is_some() && game.world().channel_named("mudinfo").is_some());
    game.login("Bob");
    let bob = game.world().account_named("Bob").unwrap();
    assert!(game.world().channels_of(bob).is_empty(), "the radio keeps him out, and Public is no more");
}

#[test]
fn superusers_hear_who_comes_and_goes() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.world().make_superuser("Anna", "").unwrap();
    game.login("Bob");
    assert!(game.read("Anna").starts_with("[MudInfo] [2027-01-15 08:00]: Bob connected"));
    game.hang_up("Bob");
    assert!(game.read("Anna").ends_with("[MudInfo] [2027-01-15 08:00]: Bob disconnected"));
}

#[test]
fn a_body_can_have_a_channel_of_its_own() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.login("Bob");
    game.read("Anna");
    let anna = body(&mut game, "Anna");
    let guild = game.world().create_channel(NewChannel { key: "Guild", ..NewChannel::default() }).unwrap();
    game.world().subscribe(guild, anna).unwrap();
    assert_eq!(game.line("Anna", "guild hello"), "[Guild] Anna: hello");
    assert!(game.line("Bob", "guild hello").contains("is not available"));
    // An account and its body hear it once.
    let account = game.world().account_named("Anna").unwrap();
    game.world().subscribe(guild, account).unwrap();
    assert_eq!(game.line("Anna", "guild twice"), "[Guild] Anna: twice");
    game.line("Anna", "ooc");
    game.world().destroy(anna).unwrap();
    let subscribers: Vec<Subscriber> = game.world().channel(guild).unwrap().subscribers().collect();
    assert_eq!(subscribers, [Subscriber::Account(account)]);
    assert!(game.world().channels_of(anna).is_empty());
}

#[test]
fn a_name_means_the_channel_that_it_was_given_to_last() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.line("Anna", "@channel/create Trade");
    game.line("Anna", "@channel/create Trade Winds");
    game.line("Anna", "@channel/alias public = x");
    game.line("Anna", "@channel/alias trade = x");
    assert_eq!(game.line("Anna", "x hello"), "[Trade] Anna: hello");
    assert_eq!(game.line("Anna", "trade winds blow"), "[Trade Winds] Anna: blow");
    for at in 1..10 {
        game.line("Anna", &format!("@channel/alias trade = x{at}"));
    }
    assert!(game.line("Anna", "@channel/alias trade = y").contains("that is the most"));
    assert_eq!(game.line("Anna", "x9 hello"), "[Trade] Anna: hello");
}

#[test]
fn nicks_and_pages_have_limits() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.login("Bob");
    for at in 1..=100 {
        assert!(
            game.line("Anna", &format!("nick n{at} = say {at}")).ends_with(&format!("mapped to 'say {at}'."))
        );
    }
    assert_eq!(game.line("Anna", "nick m = say m"), "You have 100 nicks; that is the most.");
    assert_eq!(game.line("Anna", "n100"), "You say, \"100\"");
    // What would become too long stays what it was.
    let (once, twice) = ("$1 ".repeat(100), "x".repeat(100));
    game.line("Anna", "nick/clearall");
    game.line("Anna", &format!("nick say $1 = say {once}"));
    assert_eq!(game.line("Anna", &format!("say {twice}")), format!("You say, \"{twice}\""));

    for at in 1..=51 {
        game.line("Anna", &format!("page bob = {at}"));
    }
    game.crash();
    let listed = game.line("Bob", "page 60");
    let last = listed.split("Your latest pages:\n").last().unwrap();
    assert_eq!(last.lines().count(), 50);
    assert!(last.lines().next().unwrap().ends_with("from Anna: 2"), "{last}");
    let long = "x".repeat(2000);
    assert_eq!(
        game.line("Anna", &format!("page bob = {long}x")).lines().last(),
        Some("A page has up to 2000 characters.")
    );
    let many = (1..=21).map(|at| format!("P{at:02}")).collect::<Vec<_>>();
    for name in &many {
        game.permit(name, "Player");
    }
    assert!(game.line("Anna", &format!("page {} = hi", many[1..].join(","))).contains("You paged P02"));
    let refused = game.line("Anna", &format!("page {} = hi", many.join(",")));
    assert_eq!(refused, "You can page up to 20 accounts at one time.");
}

#[test]
fn the_topics_of_a_game_are_shown_with_the_commands() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    assert!(game.line("Anna", "help").contains("Radio\n  tuning\n"));
    assert_eq!(game.line("Anna", "help dial").lines().nth(1), Some("Turn it slowly."));
    assert!(game.line("Anna", "help tuning/knobs").ends_with("There are two."));
    assert!(!game.line("Anna", "help look").contains("never shown"));
    assert!(game.line("Anna", "help codes").contains("There is no help on 'codes'."));
    game.permit("Cleo", "Helper");
    game.login("Cleo");
    game.line("Cleo", "sethelp tuning = What staff wrote comes first.");
    assert!(game.line("Anna", "help tuning").ends_with("What staff wrote comes first."));
    game.permit("Anna", "Admin");
    assert!(game.line("Anna", "help codes").ends_with("7700"));
    game.connect("Stranger");
    assert!(!game.line("Stranger", "help").contains("tuning"));
}

#[test]
fn colours_are_shown_by_what_the_client_can() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    for (option, said) in [
        ("ansi", "Your client shows 16 colours."),
        ("xterm256", "Your client shows 256 colours."),
        ("truecolor", "Your client shows 16 million colours."),
    ] {
        game.line("Anna", &format!("option {option} = on"));
        assert!(game.line("Anna", "color truecolor").contains(said), "{option}");
    }
    game.line("Anna", "style help_entry_color = #f80");
    game.take_tuples("Anna");
    game.line("Anna", "help");
    let told = game.take_tuples("Anna");
    let told = told[0].first_str().unwrap();
    assert!(told.contains("|#ff8800|lchelp look|ltlook|le|n"), "{told}");
    assert_eq!(DefaultChannel.path(), "default.Channel");
}

#[test]
fn who_is_banned_from_talking_has_no_command_for_it() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    for (permission, lines) in
        [("channel_banned", &["pub hello", "@channel"][..]), ("page_banned", &["page anna = hi"])]
    {
        for line in lines {
            assert!(!game.line("Anna", line).contains("is not available"), "{line}");
        }
        game.permit("Anna", permission);
        for line in lines {
            assert!(game.line("Anna", line).contains("is not available"), "{line}");
        }
    }
}

/// Accounts that hear nothing of spiders, and Bob nothing but whispers.
struct Listener;

impl AccountTypeclass for Listener {
    fn at_pre_channel_msg(
        &self,
        world: &mut World,
        me: AccountId,
        _channel: ChannelId,
        sender: Option<Subscriber>,
        shown: String,
    ) -> Option<String> {
        if shown.contains("spider") && sender != Some(me.into()) {
            return None;
        }
        if world[me].name() == "Bob" { Some(format!("|x{shown}|n (whispered)")) } else { Some(shown) }
    }
}

#[test]
fn accounts_decide_what_they_see_of_a_channel() {
    fn listening(world: &mut WorldBuilder) {
        world.account_typeclass(&Listener);
        world.at_initial_setup(|world| {
            let room =
                world.create(NewObject { key: "Hall", typeclass: "default.Room", ..NewObject::default() })?;
            world.set_start_location(room);
            Ok(())
        });
    }
    meadow::transcript(
        listening,
        "
> pub hello
[Public] Anna: hello
@Bob
> pub hi
[Public] Bob: hi (whispered)
> pub a spider!
[Public] Bob: a spider! (whispered)
@Cleo
@Anna
Bob has entered the game.
[Public] Bob: hi
Cleo has entered the game.
> pub Where is it?
[Public] Anna: Where is it?
@Bob
Cleo has entered the game.
[Public] Anna: Where is it? (whispered)
@Cleo
[Public] Anna: Where is it?
",
    );
}
