//! Stories of the layers: what wins, where it came from, and what is said when something is wrong.

use std::path::Path;

use super::*;

fn sources(dir: &Path, file: &str) -> Sources {
    let path = dir.join("meadow.toml");
    std::fs::write(&path, file).unwrap();
    Sources { game_name: "A Meadow".into(), file: path, ..Sources::default() }
}

fn error(file: &str, environment: &[(&str, &str)], overrides: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let mut sources = sources(dir.path(), file);
    sources.environment = environment.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
    sources.overrides = overrides.iter().map(|text| text.to_string()).collect();
    let message = Settings::load(&sources).unwrap_err().to_string();
    assert!(!message.contains('\n'), "one sentence: {message}");
    message
}

fn defaults() -> Config {
    let sources = Sources { game_name: "A Meadow".into(), file: "/nonexistent".into(), ..Sources::default() };
    Settings::load(&sources).unwrap().config().unwrap()
}

#[test]
fn table_and_types_agree() {
    // Config denies fields that it does not have, and has no defaults: this fails if either has one more.
    let config = defaults();
    assert_eq!(config.game.name, "A Meadow");
    assert_eq!(config.telnet_listeners(), Some(vec!["127.0.0.1:4000".parse().unwrap()]));
    assert_eq!(config.web_listeners(), Some(vec!["127.0.0.1:4001".parse().unwrap()]));
    assert_eq!(config.tls_listeners(), Some(vec!["127.0.0.1:4003".parse().unwrap()]));
    assert_eq!(config.web_tls_listeners(), Some(vec!["127.0.0.1:4443".parse().unwrap()]));
    assert_eq!((config.web.resume_seconds, config.web.keepalive_seconds), (120, 30));
    assert_eq!((config.web.websocket_negotiation, config.web.ajax), (WebsocketNegotiation::Strict, true));
    assert!(config.web.compression);
    assert!(config.web.show_players && config.game.description.is_empty());
    assert_eq!(config.ssh_listeners(), None);
    assert!(config.ssh.guest);
    assert!(config.network.trusted_proxies.is_empty() && config.tls.certificate == Path::new(""));
    assert_eq!((config.telnet.hold_ms, config.telnet.keepalive_seconds), (300, 30));
    assert_eq!(config.telnet.charsets, ["UTF-8", "ISO-8859-1", "US-ASCII"]);
    assert_eq!((config.telnet.mccp, config.telnet.oob), (Compression::Unencrypted, OobLanguage::Gmcp));
    assert!(config.telnet.mxp && config.telnet.start_tls && config.telnet.gmcp_text_commands);
    assert!(
        !config.telnet.linemode
            && !config.telnet.ascii_fallback
            && config.gmcp.aliases.is_empty()
            && config.mssp.enabled
    );
    assert_eq!(config.mssp.variables["family"].as_slice(), ["Custom"]);
    assert!(config.mssp.variables["contact"].as_slice().is_empty());
    assert_eq!((config.client.width, config.client.height), (78, 45));
    assert_eq!(config.store.file, Path::new("data/meadow.db"));
    assert_eq!((config.log.level.as_str(), config.log.color), ("info", Color::Auto));
    assert!(!config.network.public && config.accounts.registration);
    for setting in SETTINGS {
        assert!(SECTIONS.iter().any(|section| section.name == setting.section), "{}", setting.name());
    }
}

#[test]
fn the_default_file_says_what_is_the_default() {
    let dir = tempfile::tempdir().unwrap();
    let file = default_file("A Meadow", &[]);
    let untouched = Settings::load(&sources(dir.path(), &file)).unwrap();
    assert_eq!(untouched.config().unwrap(), defaults());
    assert_eq!(untouched.origin("telnet.listen").unwrap().1, &Origin::Default);

    let key = |line: &&str| SETTINGS.iter().any(|s| line.starts_with(&format!("#{} = ", s.key)));
    assert_eq!(file.lines().filter(key).count(), SETTINGS.len());
    let uncommented: String = file
        .lines()
        .map(|line| if key(&line) { format!("{}\n", &line[1..]) } else { format!("{line}\n") })
        .collect();
    let chosen = Settings::load(&sources(dir.path(), &uncommented)).unwrap();
    assert_eq!(chosen.config().unwrap(), defaults());
    assert!(matches!(chosen.origin("log.color").unwrap().1, Origin::File { .. }));
}

#[test]
fn a_name_with_quotes_or_line_ends_makes_a_good_file() {
    let dir = tempfile::tempdir().unwrap();
    let name = "The \"Last\"\nMeadow \\";
    let file = default_file(name, &[]).replace("#name = ", "name = ");
    assert_eq!(Settings::load(&sources(dir.path(), &file)).unwrap().config().unwrap().game.name, name);
}

#[test]
fn the_last_layer_wins_and_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let mut sources =
        sources(dir.path(), "# mine\n[client]\nwidth = 81\nheight = 51\n\n[telnet]\nhold_ms = 1\n");
    sources.environment = vec![
        ("MEADOW_CLIENT_WIDTH".into(), "82".into()),
        ("MEADOW_TELNET__HOLD_MS".into(), "2".into()),
        ("MEADOW_HOME".into(), "/else".into()),
        ("PATH".into(), "/bin".into()),
    ];
    sources.overrides = vec!["telnet.hold_ms=3".into(), "telnet.hold_ms=4".into(), "game.name=A = B".into()];
    let settings = Settings::load(&sources).unwrap();
    let config = settings.config().unwrap();
    assert_eq!((config.client.height, config.client.width, config.telnet.hold_ms), (51, 82, 4));
    assert_eq!(config.game.name, "A = B");
    assert_eq!(settings.origin("client.height").unwrap().1.to_string(), "meadow.toml, line 4");
    assert_eq!(settings.origin("client.width").unwrap().1.to_string(), "environment, MEADOW_CLIENT_WIDTH");
    assert_eq!(settings.origin("telnet.hold_ms").unwrap().1.to_string(), "--set");
    assert_eq!(settings.origin("web.listen").unwrap().1.to_string(), "default");
    let shown = settings.render();
    assert!(shown.contains("width = 82") && shown.contains("# environment, MEADOW_CLIENT_WIDTH"), "{shown}");
}

#[test]
fn what_config_shows_is_a_file_that_means_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = sources(dir.path(), "");
    first.overrides = [
        "web.allowed_origins=https://a.example,https://b.example",
        "client.width=90",
        "gmcp.aliases=weather=MyMUD.Weather, tide = MyMUD.Sea.Tide",
        "mssp.gameplay=[\"Adventure, mostly\", \"Social\"]",
        "discord.state=Somewhere in \"the\" meadow, with a |rose",
    ]
    .map(str::to_owned)
    .into();
    let settings = Settings::load(&first).unwrap();
    let second = Settings::load(&sources(dir.path(), &settings.render())).unwrap();
    assert_eq!(second.config().unwrap(), settings.config().unwrap());
}

#[test]
fn aliases_are_a_table_in_either_form() {
    let dir = tempfile::tempdir().unwrap();
    for file in [
        "[gmcp]\naliases = { weather = \"MyMUD.Weather\", \"sea tide\" = \"A.B\" }\n",
        "[gmcp.aliases]\nweather = \"MyMUD.Weather\"\ntide = \"A.B\"\n",
        "[gmcp]\naliases.weather = \"MyMUD.Weather\"\n",
    ] {
        let settings = Settings::load(&sources(dir.path(), file));
        match file.contains("sea tide") {
            true => assert!(settings.unwrap_err().to_string().contains("cannot be called \"sea tide\"")),
            false => {
                let aliases = settings.unwrap().config().unwrap().gmcp.aliases;
                assert_eq!(aliases["weather"], "MyMUD.Weather");
            }
        }
    }
}

#[test]
fn lists_of_games_are_told_in_their_own_words() {
    let dir = tempfile::tempdir().unwrap();
    let file =
        "[mssp]\ncrawl_delay = -1\ncreated = 2026\nhiring_coders = true\ngenre = [\"Fantasy\", \"Horror\"]\n";
    let variables = Settings::load(&sources(dir.path(), file)).unwrap().config().unwrap().mssp.variables;
    for (key, want) in
        [("crawl_delay", "-1"), ("created", "2026"), ("hiring_coders", "1"), ("genre", "Fantasy|Horror")]
    {
        assert_eq!(variables[key].as_slice().join("|"), want, "{key}");
    }
}

#[test]
fn public_opens_the_loopback_listeners() {
    let dir = tempfile::tempdir().unwrap();
    let file = "network.public = true\n[web]\nenabled = false\n";
    let config = Settings::load(&sources(dir.path(), file)).unwrap().config().unwrap();
    assert_eq!(config.telnet_listeners(), Some(vec!["0.0.0.0:4000".parse().unwrap()]));
    assert_eq!((config.web_listeners(), config.web_tls_listeners()), (None, None));
    assert_eq!(config.tls_listeners(), Some(vec!["0.0.0.0:4003".parse().unwrap()]));
}

#[test]
fn a_name_that_is_no_setting_is_told_with_what_was_meant() {
    for (message, parts) in [
        (
            error("[telnet]\nlisten = \"localhost:1\"\nlisen = 3\n", &[], &[]),
            ["line 3", "`telnet.lisen`", "`telnet.listen`?"],
        ),
        (
            error("[telnet]\nport = 4000\n", &[], &[]),
            ["line 2", "`telnet.port`", "telnet` has enabled, listen"],
        ),
        (error("\n[telent]\nport = 4000\n", &[], &[]), ["line 2", "`telent`", "section `telnet`?"]),
        (error("hold_ms = 4\n", &[], &[]), ["line 1", "`hold_ms`", "`telnet.hold_ms`?"]),
        (error("[nonsense]\n", &[], &[]), ["line 1", "`nonsense`", "the sections are game, network"]),
        (
            error("[telnet.listen]\nport = 1\n", &[], &[]),
            ["line 1", "`telnet.listen`", "an address and port"],
        ),
        (
            error("[mssp]\nCONTACT = \"a@b.example\"\n", &[], &[]),
            ["line 2", "`mssp.CONTACT`", "`mssp.contact`?"],
        ),
        (error("[mssp]\n\"MINIMUM AGE\" = 13\n", &[], &[]), ["line 2", "MINIMUM AGE", "`mssp.minimum_age`?"]),
        (
            error("[mssp]\nplayers = 700\n", &[], &[]),
            ["line 2", "`mssp.players`", "`mssp` has enabled, hostname"],
        ),
        (
            error("[discord]\ninvite = \"x\"\n", &[], &[]),
            ["line 2", "`discord.invite`", "has invite_url, app"],
        ),
        (error("", &[], &["gmcp.alias=a=B.c"]), ["--set", "`gmcp.alias`", "`gmcp.aliases`?"]),
        (error("", &[], &["web.listn=x"]), ["--set", "`web.listn`", "`web.listen`?"]),
        (
            error("", &[("MEADOW_WEB_LISTN", "x")], &[]),
            ["environment", "MEADOW_WEB_LISTN", "MEADOW_WEB_LISTEN?"],
        ),
        (error("", &[], &["verbose"]), ["--set", "\"verbose\"", "section.key=value"]),
    ] {
        for part in parts {
            assert!(message.contains(part), "{part:?} is not in {message:?}");
        }
    }
}

#[test]
fn a_value_of_a_wrong_kind_is_told_with_what_it_may_be() {
    for (message, parts) in [
        (
            error("[client]\nwidth = \"wide\"\n", &[], &[]),
            ["line 2", "`client.width`", "from 10 to 1000, not \"wide\""],
        ),
        (error("[client]\nwidth = -1\n", &[], &[]), ["line 2", "`client.width`", "not -1"]),
        (error("[client]\nwidth = 7.5\n", &[], &[]), ["line 2", "`client.width`", "not 7.5"]),
        (error("[telnet]\nenabled = 1\n", &[], &[]), ["line 2", "`telnet.enabled`", "true or false, not 1"]),
        (
            error("[log]\ncolor = \"blue\"\n", &[], &[]),
            ["line 2", "`log.color`", "\"auto\", \"always\", \"never\""],
        ),
        (
            error("[telnet]\ncharsets = [\"UTF-8\", \"UFT-9\"]\n", &[], &[]),
            ["line 2", "`telnet.charsets`", "no character set \"UFT-9\""],
        ),
        (
            error("[telnet]\ncharsets = []\n", &[], &[]),
            ["line 2", "`telnet.charsets`", "1 to 16 character sets"],
        ),
        (
            error("[telnet]\nmccp = true\n", &[], &[]),
            ["line 2", "`telnet.mccp`", "\"never\", \"unencrypted\""],
        ),
        (error("", &[], &["telnet.oob=atcp"]), ["--set", "`telnet.oob`", "\"gmcp\", \"msdp\", \"recent\""]),
        (error("", &[], &["telnet.mxp=maybe"]), ["--set", "`telnet.mxp`", "true or false"]),
        (error("[telnet]\nascii_fallback = 0\n", &[], &[]), ["line 2", "`telnet.ascii_fallback`", "not 0"]),
        (error("", &[], &["telnet.start_tls=1.2"]), ["--set", "`telnet.start_tls`", "true or false"]),
        (error("", &[], &["telnet.gmcp_text_commands="]), ["--set", "text_commands`", "true or false"]),
        (error("[gmcp]\naliases = [\"a\"]\n", &[], &[]), ["line 2", "`gmcp.aliases`", "{ weather ="]),
        (error("[gmcp]\naliases = { a = 1 }\n", &[], &[]), ["line 2", "`gmcp.aliases`", "not { a = 1 }"]),
        (error("", &[], &["gmcp.aliases=a=Weather"]), ["--set", "`gmcp.aliases`", "no dot"]),
        (error("", &[], &["gmcp.aliases=a=My.Own Weather"]), ["--set", "`gmcp.aliases`", "a space"]),
        (error("", &[], &["gmcp.aliases=a"]), ["--set", "`gmcp.aliases`", "{ weather ="]),
        (error("[mssp]\ngenre = { a = 1 }\n", &[], &[]), ["line 2", "`mssp.genre`", "or a list of them"]),
        (error("[mssp]\ngenre = \"a\\nb\"\n", &[], &[]), ["line 2", "`mssp.genre`", "control character"]),
        (error("[mssp]\ngenre = [\"\"]\n", &[], &[]), ["line 2", "`mssp.genre`", "one of them is empty"]),
        (error("[discord]\nstate = [\"a\"]\n", &[], &[]), ["line 2", "`discord.state`", "one line of text"]),
        (
            error("", &[], &["discord.large_image=[\"a\", \"\"]"]),
            ["--set", "large_image`", "one of them is empty"],
        ),
        (error("[game]\nname = \"\"\n", &[], &[]), ["line 2", "`game.name`", "not empty"]),
        (error("", &[], &["telnet.listen=127.0.0.1"]), ["--set", "`telnet.listen`", "has no port"]),
        (error("[web]\nlisten = 4001\n", &[], &[]), ["line 2", "`web.listen`", "\"127.0.0.1:4000\""]),
        (
            error("", &[("MEADOW_LOG_LEVEL", "infoo")], &[]),
            ["MEADOW_LOG_LEVEL", "`log.level`", "not \"infoo\""],
        ),
        (
            error("[web]\nallowed_origins = [\n\"https://a.example\",\n7]\n", &[], &[]),
            ["line 2", "`web.allowed_origins`", "not [ \"https://a.example\", 7]"],
        ),
    ] {
        for part in parts {
            assert!(message.contains(part), "{part:?} is not in {message:?}");
        }
        assert!(message.len() < 300, "{message}");
    }
    let long = format!("[game]\nname = [\"{}\"]\n", "é".repeat(500));
    assert!(error(&long, &[], &[]).len() < 300);
}

#[test]
fn broken_toml_is_told_with_its_line() {
    for (file, line) in
        [("[telnet\n", 1), ("[log]\nlevel = info\n", 2), ("[web]\n\nlisten =\n", 3), ("[a]\n[a]\n", 2)]
    {
        let message = error(file, &[], &[]);
        assert!(message.contains(&format!("line {line},")) && message.contains("meadow.toml"), "{message}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let sources = Sources { file: dir.path().to_owned(), ..Sources::default() };
    let message = Settings::load(&sources).unwrap_err().to_string();
    assert!(message.contains(&dir.path().display().to_string()) && message.contains("--dir"), "{message}");
}
