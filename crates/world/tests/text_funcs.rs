//! Sentences that several read: inline functions, and who is told what.

#![allow(clippy::unwrap_used, reason = "a scene that cannot be built is a failed test")]

use meadow_link::{RestartMode, SessionId, SessionSync, Time, ToPortal, ToServer};
use meadow_world::{
    NewObject, ObjectId, Snapshot, Typeclass, World, WorldBuilder,
    text::{self, escape},
};
use proptest::prelude::*;

const NOW: Time = Time::from_micros(1);

struct Scene {
    world: World,
    room: ObjectId,
    anna: ObjectId,
    bob: ObjectId,
    rose: ObjectId,
}

impl Scene {
    /// Anna (of whom nobody knows whether she is one) and Bob (a man) in a room with a rose.
    fn new() -> Scene {
        let mut builder = WorldBuilder::new("t");
        builder.typeclass(&Gem);
        let mut world = builder.load(Snapshot::default(), NOW).unwrap();
        let room = world.create(NewObject { key: "Room", ..NewObject::default() }).unwrap();
        let mut put = |key, typeclass| {
            world.create(NewObject { key, typeclass, location: Some(room), ..NewObject::default() }).unwrap()
        };
        let anna = put("Anna", "default.Character");
        let bob = put("Bob", "default.Character");
        let rose = put("rose", "");
        world[bob].db.set("gender", "male").unwrap();
        Scene { world, room, anna, bob, rose }
    }

    /// What Anna, who does it, Bob and somebody else read.
    #[track_caller]
    fn check(&mut self, sentence: &str, [anna, bob, rose]: [&str; 3]) {
        let (actor, target, item) = (self.anna, self.bob, self.rose);
        let act = self.world.act(actor, sentence).with("bob", target).with("item", item).with("n", 3);
        let act = act.with("words", escape("$You() |r, {item}").as_ref());
        let read = [actor, target, item].map(|looker| act.read_by(looker));
        assert_eq!(read, [anna, bob, rose], "{sentence}");
    }

    /// What everybody reads alike.
    #[track_caller]
    fn all(&mut self, sentence: &str, text: &str) {
        self.check(sentence, [text; 3]);
    }
}

#[test]
fn each_reads_a_sentence_of_their_own() {
    let mut scene = Scene::new();
    scene.check(
        "$You() $conj(pick) up $obj(item).",
        ["You pick up a rose.", "Anna picks up a rose.", "Anna picks up a rose."],
    );
    scene.check(
        "$You() $conj(give) {item} to $you(bob), and $conj(keep, bob) $pron(your, bob) word.",
        [
            "You give rose to Bob, and keeps his word.",
            "Anna gives rose to you, and keep your word.",
            "Anna gives rose to Bob, and keeps his word.",
        ],
    );
    scene.check(
        "$Your() hat, $your(bob) cat",
        ["Your hat, Bob's cat", "Anna's hat, your cat", "Anna's hat, Bob's cat"],
    );
    scene.check("$Pron(you, sp) $pconj(be) here.", ["You are here.", "They are here.", "They are here."]);
    scene.check("$Pron(he, key=bob) $pconj(be, bob) here.", ["He is here.", "You are here.", "He is here."]);
    scene.check("$Obj(item) and $You(item).", ["A rose and Rose.", "A rose and Rose.", "A rose and You."]);
    scene.check("$pron(her, op female)", ["you", "her", "her"]);
    scene.check("$pron(I, 1st person) $pron(its)", ["I your", "they its", "they its"]);
}

/// Its maker knows what it is; to everybody else it is a stone.
struct Gem;

impl Typeclass for Gem {
    fn path(&self) -> &'static str {
        "test.Gem"
    }

    fn display_name(&self, world: &World, me: ObjectId, looker: ObjectId) -> String {
        let is_known = world[me].db["maker"] == looker.0;
        if is_known { world[me].key().to_owned() } else { "stone".to_owned() }
    }
}

#[test]
fn several_things_are_called_as_each_reader_calls_them() {
    let mut scene = Scene::new();
    let (anna, bob, rose) = (scene.anna, scene.bob, scene.rose);
    let mut items = vec![rose];
    for key in ["ruby", "opal", "ruby"] {
        let new = NewObject { key, typeclass: "test.Gem", ..NewObject::default() };
        let gem = scene.world.create(new).unwrap();
        scene.world[gem].db.set("maker", anna.0).unwrap();
        items.push(gem);
    }
    let mut read = |items: &[ObjectId], looker| {
        scene.world.act(anna, "$You() $conj(drop) {items}.").with("items", items).read_by(looker)
    };
    assert_eq!(read(&items, anna), "You drop a rose, two rubies and an opal.");
    assert_eq!(read(&items, bob), "Anna drops a rose and three stones.");
    assert_eq!(read(&items[2..], anna), "You drop an opal and a ruby.");
    assert_eq!(read(&items[..1], bob), "Anna drops a rose.");
}

#[test]
fn genders_are_an_attribute() {
    let mut scene = Scene::new();
    for (gender, pronoun, verb) in
        [("female", "she", "is"), ("n", "it", "is"), ("plural", "they", "are"), ("m", "he", "is")]
    {
        let anna = scene.anna;
        scene.world[anna].db.set("gender", gender).unwrap();
        let told = format!("{pronoun} {verb}");
        scene.check("$pron(you) $pconj(be)", ["you are", &told, &told]);
    }
    let rose = scene.rose;
    assert_eq!(scene.world.act(rose, "$pron(you) $pconj(be)").read_by(scene.anna), "it is");
}

#[test]
fn functions_of_text() {
    let mut scene = Scene::new();
    for (sentence, text) in [
        ("$an(egg) and $an(rose), $an(Excalibur)", "an egg and a rose, Excalibur"),
        ("$int2str({n}) $pluralize(rose, {n}), $pluralize(ox, 1)", "three roses, ox"),
        ("$int2str(13) $pluralize(child, 2) $pluralize(a, 2, b) $int2str(-1)", "13 children b -1"),
        ("[$pad(a, 5)] [$pad(|ra, 3, r)] [$pad(a, width=3, align=l, fillchar=-)]", "[  a  ] [  |ra|n] [a--]"),
        ("$crop(a long story, 7) $crop(a long story, 6, [])", "a lo... a lo[]"),
        (
            "[$ljust(a b, 5)] [$rjust(a, 3)] [$cjust(a, 3)] [$just(a b c, 3, f)]",
            "[a b  ] [  a] [ a ] [a b\nc  ]",
        ),
        ("[$just(a, 3, l, 2)] [$rjust(a, 3, indent=1)]", "[  a  ] [   a]"),
        ("[$space(3)] [$space()]", "[   ] [ ]"),
        ("$clr(r, red) $clr(|500, red, g) $clr([b, x)", "|rred|n |500red|g |[bx|n"),
        ("$add(1, 2) $sub(1, 2.5) $mult(3, {n}) $div(1, 4)", "3 -1.5 9 0.25"),
        ("$round(2.456, 1) $toint(2.9) $eval((1 + {n}) * 3)", "2.5 2 12"),
        ("$pad($an($pluralize(egg, 1)), 8, r)", "  an egg"),
    ] {
        scene.all(sentence, text);
    }
}

#[test]
fn arguments_are_quoted_escaped_and_named() {
    let mut scene = Scene::new();
    for (sentence, text) in [
        (r#"[$pad("a, b ", 6)] [$pad(' a', 3, l)]"#, "[a, b  ] [ a ]"),
        (r"$an(c\, b\)) $$an(x) \$an(x) \an", "a c, b) $an(x) $an(x) \\an"),
        ("$an((a, b))", "(a, b)"),
        (r#"$an("$an(x)") $an(don't) $an('tis)"#, "$an(x) a don't 'tis"),
        ("$an(x=y) $an(word=egg) $pad(width=3, text=a)", "a x=y an egg  a "),
        ("$an(  egg  )", "an egg"),
        ("5$ {nobody} { {{n}} $", "5$ {nobody} { {3} $"),
    ] {
        scene.all(sentence, text);
    }
}

#[test]
fn what_is_not_understood_stays_as_it_is_typed() {
    let mut scene = Scene::new();
    for sentence in [
        "$nothing(x, y)",
        "$You",
        "$you(nobody)",
        "$You(a, b)",
        "$conj()",
        "$pad(a, many)",
        "$pad(a, 3, up)",
        "$pad(a, 3, c, ab)",
        "$pad(a, 3, width=3)",
        "$clr(rose, x)",
        "$clr(lclook, x)",
        "$add(1, x)",
        "$div(1, 0)",
        "$eval(__import__)",
        "$pluralize(rose, many)",
        "$int2str(x)",
        "$pron(rose)",
        "$pron(you, purple)",
        "$random() $choice(a, b) $randint(1, 2) $search(x)",
        "$an($You()",
        "$an(\"x",
    ] {
        scene.all(sentence, sentence);
    }
    // But functions in unknown ones are known.
    scene.all("$nothing($an(egg))", "$nothing(an egg)");
    let nobody = scene.world.act(None, "$You() $conj(see) {who}.").with("who", "the end").read_by(scene.anna);
    assert_eq!(nobody, "$You() $conj(see) the end.");
}

#[test]
fn what_players_typed_is_no_function() {
    let mut scene = Scene::new();
    scene.all("\"{words}\"", "\"$You() ||r, {item}\"");
    scene.all(
        "$pad({words}, 3) $an({words}) $You(words)",
        "$You() ||r, {item} $You() ||r, {item} $You() ||r, {item}",
    );
    scene.all("$crop({words}, 9)", "$You()...");
}

#[test]
fn who_is_gone_is_something() {
    let mut scene = Scene::new();
    let (rose, bob) = (scene.rose, scene.bob);
    scene.world.destroy(rose).unwrap();
    let act = scene
        .world
        .act(rose, "$You() $conj(wither), $pron(its) petals fall on $obj(rose).")
        .with("rose", rose);
    assert_eq!(act.read_by(bob), "Something withers, its petals fall on a something.");
    act.to_room();
}

#[test]
fn functions_nest_so_deep_and_sentences_are_so_long() {
    let mut scene = Scene::new();
    let nested = |depth: usize| "$an(".repeat(depth) + "egg" + &")".repeat(depth);
    scene.all(&nested(20), "an egg");
    scene.all(&nested(21), "$an(egg)");
    let long = |length: usize| "$an(egg)".to_owned() + &"x".repeat(length - 8);
    let fits = "an egg".to_owned() + &"x".repeat(64 * 1024 - 8);
    scene.all(&long(64 * 1024), &fits);
    scene.all(&long(64 * 1024 + 1), &long(64 * 1024 + 1));
    let lines = "$just(a|/".to_owned() + &"b|/".repeat(100) + ", 1000)";
    scene.all(&lines, &lines);
    scene.all(&"$an(".repeat(16_000), &"$an(".repeat(16_000));
}

/// A world in which Anna is driven by two sessions, Bob by one, and Cleo by one.
fn stage() -> (Scene, ObjectId) {
    let mut scene = Scene::new();
    let cleo = NewObject {
        key: "Cleo",
        typeclass: "default.Character",
        location: Some(scene.room),
        ..NewObject::default()
    };
    let cleo = scene.world.create(cleo).unwrap();
    let mut sessions = Vec::new();
    for (id, puppet) in [(1, scene.anna), (2, scene.bob), (3, cleo), (4, scene.anna)] {
        let name = format!("Player{puppet}").replace('#', "");
        let account = scene.world.account_named(&name);
        let account = account.unwrap_or_else(|| scene.world.create_account_unchecked(&name, "").unwrap());
        scene.world[puppet].account = Some(account);
        let mut sync = SessionSync::new(SessionId(id), "telnet", "here", NOW);
        (sync.uid, sync.puid, sync.logged_in) = (Some(account.0), Some(puppet.0), true);
        sync.flags.screenwidth = 70 + id as u16;
        sessions.push(sync);
    }
    let sync = ToServer::Sync { mode: RestartMode::Crash, portal_start: NOW, sessions };
    scene.world.handle(NOW, sync);
    scene.world.take_step();
    (scene, cleo)
}

fn told(world: &mut World) -> Vec<(Vec<u64>, String)> {
    let out = world.take_step().out.into_iter().filter_map(|message| match message {
        ToPortal::Output { sessions, tuple } => {
            Some((sessions.iter().map(|id| id.0).collect(), tuple.args[0].as_str().unwrap().to_owned()))
        }
        _ => None,
    });
    out.collect()
}

#[test]
fn who_reads_the_same_gets_one_message() {
    let (mut scene, cleo) = stage();
    let (anna, bob) = (scene.anna, scene.bob);
    scene.world.act(anna, "$You() $conj(wave) to $you(bob).").with("bob", bob).to_room();
    assert_eq!(
        told(&mut scene.world),
        [
            (vec![1, 4], "You wave to Bob.".to_owned()),
            (vec![2], "Anna waves to you.".to_owned()),
            (vec![3], "Anna waves to Bob.".to_owned()),
        ]
    );
    scene.world.act(anna, "$You() $conj(wave).").to_room();
    let same = [(vec![1, 4], "You wave.".to_owned()), (vec![2, 3], "Anna waves.".to_owned())];
    assert_eq!(told(&mut scene.world), same);
    scene.world.act(anna, "$You() $conj(hide).").except(&[bob, anna]).to_room();
    assert_eq!(told(&mut scene.world), [(vec![3], "Anna hides.".to_owned())]);
    scene.world.place(cleo, None);
    scene.world.act(cleo, "$You() $conj(float).").kw("type", "pose").to_room();
    assert_eq!(told(&mut scene.world), [(vec![3], "You float.".to_owned())]);
    scene.world.act(None, "It rains.").to_contents(scene.room);
    assert_eq!(told(&mut scene.world), [(vec![1, 4, 2], "It rains.".to_owned())]);
}

#[test]
fn the_narrowest_window_counts() {
    let (scene, cleo) = stage();
    assert_eq!(scene.world.width_of(scene.anna), 71);
    assert_eq!(scene.world.width_of(SessionId(4)), 74);
    assert_eq!(scene.world.width_of(scene.world[cleo].account.unwrap()), 73);
    assert_eq!(scene.world.width_of(scene.rose), 78, "nobody hears it");
}

const PIECES: [&str; 34] = [
    "$You(",
    "$your(",
    "$conj(",
    "$pron(",
    "$obj(",
    "$pad(",
    "$crop(",
    "$just(",
    "$clr(",
    "$eval(",
    "$add(",
    "$space(",
    "$an(",
    "$pluralize(",
    "$round(",
    "$$",
    "$",
    "\\",
    ")",
    ")",
    ")",
    ",",
    ",",
    "\"",
    "'",
    "(",
    "=",
    "{item}",
    "{words}",
    "text=",
    "7",
    "|r",
    "日",
    "item",
];

proptest! {
    #[test]
    fn no_sentence_does_harm(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        let mut scene = Scene::new();
        let (anna, rose) = (scene.anna, scene.rose);
        let sentence = pieces.concat();
        let act = scene.world.act(anna, &sentence).with("item", rose).with("words", "a, $You() ||");
        let _ = act.read_by(anna);
    }

    #[test]
    fn text_without_functions_stays_as_it_is(sentence in "[^$\\\\{]{0,60}") {
        let mut scene = Scene::new();
        let anna = scene.anna;
        prop_assert_eq!(scene.world.act(anna, &sentence).read_by(anna), sentence);
    }

    #[test]
    fn a_value_is_shown_as_it_is(words in ".{0,60}") {
        let mut scene = Scene::new();
        let anna = scene.anna;
        let escaped = text::escape(&words).into_owned();
        let read = scene.world.act(anna, "<{words}>").with("words", &escaped).read_by(anna);
        prop_assert_eq!(read, format!("<{escaped}>"));
    }
}
