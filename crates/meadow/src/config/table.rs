//! The one table of settings. `meadow.toml`, `meadow config`, the names of environment variables and
//! the search for misspelt names are all made from it.
//!
//! Adding one: a row here and a field in [`Config`](super::Config). What a game brings along is in `own`.

use std::borrow::Cow;

use super::{
    setting::{Section, Setting},
    value::Kind,
};

const fn row(
    section: &'static str,
    key: &'static str,
    kind: Kind,
    default: &'static str,
    doc: &'static str,
) -> Setting {
    Setting { section: Cow::Borrowed(section), key, kind, default: Cow::Borrowed(default), doc }
}

const fn number(least: u64, most: u64) -> Kind {
    Kind::Number { least, most }
}

const fn about(name: &'static str, doc: &'static str) -> Section {
    Section { name: Cow::Borrowed(name), doc: Cow::Borrowed(doc) }
}

/// The sections, in the order of the file.
pub const SECTIONS: &[Section] = &[
    about("game", "The game itself."),
    about("network", "Who can reach the game."),
    about("telnet", "Telnet clients: MUD clients, and `telnet localhost 4000`."),
    about("gmcp", "Out-of-band data in GMCP, by telnet and websocket."),
    about("tls", "Telnet inside TLS, and the certificate that telnet and web show."),
    about(
        "ssh",
        "SSH: `ssh -p 4004 NAME@localhost`, with the account's password or one of its keys (see `sshkey` in the game).",
    ),
    about("web", "The site, the browser client on it, and its websocket."),
    about(
        "mssp",
        "What lists of games are told (MSSP). What is empty is left out; of a list, the last is the main one.",
    ),
    about(
        "discord",
        "What a player's profile in Discord shows, for clients that ask (GMCP External.Discord).",
    ),
    about("limits", "What one connection, and all of them, may use."),
    about("accounts", "Logging in and registering."),
    about("client", "What is assumed of clients that do not tell."),
    about("store", "The database."),
    about("log", "The log."),
];

/// Every setting, in the order of the file.
pub const SETTINGS: &[Setting] = &[
    row("game", "name", Kind::Text, "A Meadow", "Name of the game, as players see it."),
    row(
        "game",
        "description",
        Kind::Line,
        "",
        "The game in a sentence or two: its site says it, and so do search engines that know it.",
    ),
    row(
        "network",
        "public",
        Kind::Flag,
        "false",
        "true: every listener that stands at a loopback address listens on all addresses,\n\
         so that players elsewhere can connect. This opens the game to the world.",
    ),
    row(
        "network",
        "trusted_proxies",
        Kind::Networks,
        "",
        "Addresses and networks of proxies in front of the game, such as \"127.0.0.1\" or \"10.0.0.0/8\". They are\n\
         believed when they say for whom they connect, with the PROXY protocol (versions 1 and 2, every\n\
         listener) or X-Forwarded-For (web); limits and bans then see the players' own addresses.",
    ),
    row("telnet", "enabled", Kind::Flag, "true", "Whether telnet is served."),
    row(
        "telnet",
        "listen",
        Kind::Listen,
        "127.0.0.1:4000",
        "Address and port, or a list of them. Port 0 is any free one.",
    ),
    row(
        "telnet",
        "hold_ms",
        number(0, 10_000),
        "300",
        "How long the login screen waits for what a client says about itself, in milliseconds.",
    ),
    row(
        "telnet",
        "keepalive_seconds",
        number(0, 86_400),
        "30",
        "A telnet NOP is sent this often, in seconds, so that idle connections are not cut. 0: never.",
    ),
    row(
        "telnet",
        "charsets",
        Kind::Charsets,
        "UTF-8, ISO-8859-1, US-ASCII",
        "Character sets that a client is asked to choose from (CHARSET), best first. UTF-8 until it has chosen.",
    ),
    row(
        "telnet",
        "ascii_fallback",
        Kind::Flag,
        "false",
        "Whether a client gets ASCII that says that it does not read UTF-8 and chooses no other character set.",
    ),
    row("telnet", "mxp", Kind::Flag, "true", "Whether clients are offered links that can be clicked (MXP)."),
    row(
        "telnet",
        "linemode",
        Kind::Flag,
        "false",
        "Whether clients are asked to edit lines themselves (LINEMODE, RFC 1184). MUD clients and terminals do so\n\
         anyway.",
    ),
    row(
        "telnet",
        "start_tls",
        Kind::Flag,
        "true",
        "Whether clients are given TLS on the telnet port if they ask (START_TLS). Only where TLS is served.",
    ),
    row(
        "telnet",
        "mccp",
        Kind::Choice(&["never", "unencrypted", "always"]),
        "unencrypted",
        "Whether clients are offered compression (MCCP2, MCCP3): never, outside TLS, or always. What is compressed\n\
         and then encrypted tells something by its length (CRIME).",
    ),
    row(
        "telnet",
        "oob",
        Kind::Choice(&["gmcp", "msdp", "recent"]),
        "gmcp",
        "How clients that speak GMCP and MSDP get out-of-band data: in this one, or in that which they used last.",
    ),
    row(
        "telnet",
        "gmcp_text_commands",
        Kind::Flag,
        "true",
        "Whether a GMCP package or MSDP variable called `text` is obeyed as a typed line.",
    ),
    row(
        "gmcp",
        "aliases",
        Kind::Aliases,
        "",
        "Packages of the game's own, by the names of their tuples: { weather = \"MyMUD.Weather\" }. They are called\n\
         exactly so, in both directions. Other names follow from the tuples': char_vitals is Char.Vitals.",
    ),
    row("tls", "enabled", Kind::Flag, "true", "Whether telnet is served inside TLS."),
    row(
        "tls",
        "listen",
        Kind::Listen,
        "127.0.0.1:4003",
        "Address and port, or a list of them. Port 0 is any free one. If another program has the default one,\n\
         the game starts without it.",
    ),
    row(
        "tls",
        "certificate",
        Kind::File,
        "",
        "PEM file with the certificate, followed by those that vouch for it. It is read again when it changes.\n\
         A relative path starts at the game's folder. Empty: a self-signed one, in data/tls.",
    ),
    row("tls", "key", Kind::File, "", "PEM file with the certificate's private key, without a passphrase."),
    row(
        "ssh",
        "enabled",
        Kind::Flag,
        "false",
        "Whether SSH is served. The first start with it makes its host keys, which takes a moment.",
    ),
    row(
        "ssh",
        "listen",
        Kind::Listen,
        "127.0.0.1:4004",
        "Address and port, or a list of them. Port 0 is any free one. If another program has the default one,\n\
         the game starts without it.",
    ),
    row(
        "ssh",
        "guest",
        Kind::Flag,
        "true",
        "Whether `ssh guest@...` leads to the login screen, without a password. Accounts can be made there.",
    ),
    row("web", "enabled", Kind::Flag, "true", "Whether the web page and the websocket are served."),
    row(
        "web",
        "listen",
        Kind::Listen,
        "127.0.0.1:4001",
        "Address and port, or a list of them. Port 0 is any free one.",
    ),
    row("web", "tls", Kind::Flag, "true", "Whether both are served inside TLS, too: https and wss."),
    row(
        "web",
        "tls_listen",
        Kind::Listen,
        "127.0.0.1:4443",
        "Address and port for that, or a list of them. If another program has the default one, the game starts\n\
         without it.",
    ),
    row(
        "web",
        "allowed_origins",
        Kind::Origins,
        "",
        "Other sites whose pages may open the websocket, such as \"https://play.example.org\".\n\
         The game's own page always may.",
    ),
    row(
        "web",
        "resume_seconds",
        number(0, 86_400),
        "120",
        "A browser whose connection breaks finds its session again for so many seconds, with everything that was\n\
         said meanwhile. Only for clients that ask for it, as the game's own page does. 0: never.",
    ),
    row(
        "web",
        "keepalive_seconds",
        number(0, 86_400),
        "30",
        "Clients of websockets are pinged this often, in seconds, so that idle connections are not cut, and to\n\
         measure how long a message takes. 0: never.",
    ),
    row(
        "web",
        "compression",
        Kind::Flag,
        "true",
        "Whether messages of websockets are compressed if the client offers it (permessage-deflate, RFC 7692). Each\n\
         is compressed for itself; inside TLS its length tells a little more of it than it would otherwise.",
    ),
    row(
        "web",
        "hsts_seconds",
        number(0, 63_072_000),
        "0",
        "For how long browsers that came by https are to come by nothing else (Strict-Transport-Security, RFC 6797), to\n\
         all ports of that host: 31536000 is a year, 0 says nothing of it. Only for a host with a certificate that\n\
         browsers know: with one that Meadow has made for itself, nobody who was told so can come in any more.",
    ),
    row(
        "web",
        "websocket_negotiation",
        Kind::Choice(&["strict", "legacy"]),
        "strict",
        "What becomes of websocket clients that offer protocols of which none is spoken here: strict refuses\n\
         them, legacy speaks v1.evennia.com to them, as Evennia does.",
    ),
    row(
        "web",
        "ajax",
        Kind::Flag,
        "true",
        "Whether browsers without websockets may play, by requests to /webclientdata (long polls, or events).",
    ),
    row(
        "web",
        "show_players",
        Kind::Flag,
        "true",
        "Whether the site names the accounts that are playing. If not, it says how many they are.",
    ),
    row("mssp", "enabled", Kind::Flag, "true", "Whether they are told anything."),
    row("mssp", "hostname", Kind::Texts, "", "Name of the host that players connect to."),
    row("mssp", "ip", Kind::Texts, "", "Its IPv4 address."),
    row("mssp", "ipv6", Kind::Texts, "", "Its IPv6 address."),
    row("mssp", "port", Kind::Texts, "", "Telnet ports, if a proxy has others than the game."),
    row("mssp", "ssl", Kind::Texts, "", "The port of telnet inside TLS, if a proxy has another."),
    row("mssp", "website", Kind::Texts, "", "Address of the game's site."),
    row("mssp", "contact", Kind::Texts, "", "E-mail address of whoever runs it."),
    row("mssp", "discord", Kind::Texts, "", "Address of an invitation to Discord."),
    row("mssp", "icon", Kind::Texts, "", "Address of a square picture, at least 32 pixels wide."),
    row("mssp", "created", Kind::Texts, "", "The year in which it began."),
    row("mssp", "language", Kind::Texts, "", "Its language, in English, such as \"German\"."),
    row("mssp", "location", Kind::Texts, "", "The country where it runs, in English."),
    row("mssp", "minimum_age", Kind::Texts, "", "How old players have to be."),
    row("mssp", "referral", Kind::Texts, "", "Other games, as \"host port\"."),
    row("mssp", "crawl_delay", Kind::Texts, "-1", "Hours between visits of a crawler. -1: as it likes."),
    row("mssp", "family", Kind::Texts, "Custom", "\"Evennia\" only for a game that is made for it."),
    row("mssp", "genre", Kind::Texts, "", "Fantasy, Science Fiction, Historical, Horror ..."),
    row("mssp", "subgenre", Kind::Texts, "", "Medieval Fantasy, Cyberpunk, Steampunk ..."),
    row("mssp", "gameplay", Kind::Texts, "", "Adventure, Hack and Slash, Roleplaying, Social ..."),
    row("mssp", "status", Kind::Texts, "", "Alpha, Closed Beta, Open Beta or Live."),
    row("mssp", "gamesystem", Kind::Texts, "", "D&D, World of Darkness, Custom ..."),
    row("mssp", "intermud", Kind::Texts, "", "Networks of games that it is in."),
    row("mssp", "areas", Kind::Texts, "", "How many areas. Rooms and objects are counted without a setting."),
    row("mssp", "helpfiles", Kind::Texts, "", "How many pages of help."),
    row("mssp", "mobiles", Kind::Texts, "", "How many beings."),
    row("mssp", "classes", Kind::Texts, "", "How many classes; 0 if there is no such thing."),
    row("mssp", "levels", Kind::Texts, "", "How many levels; 0 if there is no such thing."),
    row("mssp", "races", Kind::Texts, "", "How many races; 0 if there is no such thing."),
    row("mssp", "skills", Kind::Texts, "", "How many skills; 0 if there is no such thing."),
    row("mssp", "pay_to_play", Kind::Texts, "", "Whether players have to pay: 0 or 1."),
    row("mssp", "pay_for_perks", Kind::Texts, "", "Whether they can pay for advantages: 0 or 1."),
    row("mssp", "hiring_builders", Kind::Texts, "", "Whether builders are looked for: 0 or 1."),
    row("mssp", "hiring_coders", Kind::Texts, "", "Whether programmers are looked for: 0 or 1."),
    row("discord", "invite_url", Kind::Line, "", "Address of an invitation to where players meet."),
    row(
        "discord",
        "application_id",
        Kind::Line,
        "",
        "The game's application at Discord. Empty: the client's.",
    ),
    row("discord", "state", Kind::Line, "", "What a player does, until the game sends a status of its own."),
    row("discord", "details", Kind::Line, "", "More about it."),
    row("discord", "small_image", Kind::Texts, "", "The small picture; of several, the first that exists."),
    row("discord", "small_image_text", Kind::Line, "", "What it says."),
    row("discord", "large_image", Kind::Texts, "", "The large picture; of several, the first that exists."),
    row("discord", "large_image_text", Kind::Line, "", "What it says."),
    row("limits", "connections", number(1, 1_000_000), "20000", "Connections in all."),
    row(
        "limits",
        "connections_per_address",
        number(1, 1_000_000),
        "2000",
        "Connections from one address. Behind a proxy all players come from one.",
    ),
    row("limits", "not_logged_in", number(1, 1_000_000), "4000", "Connections that have not logged in yet."),
    row(
        "limits",
        "login_seconds",
        number(1, 86_400),
        "600",
        "A connection that has not logged in after this many seconds is closed.",
    ),
    row(
        "limits",
        "line_length",
        number(80, 65_536),
        "6000",
        "Longest line that a player may send, in characters.",
    ),
    row(
        "limits",
        "input_queue_lines",
        number(1, 100_000),
        "500",
        "Lines of one player that wait to be done. Past that the connection is not read until there is room.",
    ),
    row("limits", "input_queue_bytes", number(1024, 16_777_216), "65536", "The same, in bytes."),
    row(
        "limits",
        "in_flight",
        number(1, 1000),
        "16",
        "Lines of one player that the Server is given before it has done the first of them.",
    ),
    row(
        "limits",
        "output_queue_bytes",
        number(65_536, 1_073_741_824),
        "1048576",
        "Output that waits for a slow client, in bytes. Past that the client is cut.",
    ),
    row(
        "limits",
        "commands_per_second",
        number(0, 100_000),
        "80",
        "Commands a second that are taken from a player who does not wait for answers; more are delayed,\n\
         none is lost. 0: no limit.",
    ),
    row("accounts", "registration", Kind::Flag, "true", "Whether players can make accounts (`create`)."),
    row(
        "accounts",
        "logins_per_address",
        number(0, 1_000_000),
        "5",
        "Failed logins from one address in 300 seconds; more are refused. 0: no limit.",
    ),
    row(
        "accounts",
        "creations_per_address",
        number(0, 1_000_000),
        "20",
        "New accounts from one address in 600 seconds; more are refused. 0: no limit.",
    ),
    row("accounts", "min_password_length", number(1, 128), "8", "Shortest password, in characters."),
    row(
        "accounts",
        "multisession",
        number(0, 3),
        "0",
        "How many connections an account may have. 0: one, and a new one takes the place of the old. 1: several, which\n\
         share one character. 2: several, each with a character of its own. 3: several, and several may share one.",
    ),
    row(
        "accounts",
        "max_characters",
        number(0, 1_000_000),
        "1",
        "Characters that an account may have. 0: no limit.",
    ),
    row(
        "accounts",
        "max_simultaneous_puppets",
        number(0, 1_000_000),
        "1",
        "Characters that an account may play at a time, where `multisession` is 2 or 3. 0: no limit.",
    ),
    row(
        "accounts",
        "auto_create_character",
        Kind::Flag,
        "true",
        "Whether a new account begins with a character of its name.",
    ),
    row(
        "accounts",
        "auto_puppet",
        Kind::Flag,
        "true",
        "Whether players are in character as soon as they have logged in. If not, they see a list of their characters.",
    ),
    row(
        "accounts",
        "linkdead_seconds",
        number(0, 86_400),
        "60",
        "How long a character stays in its place when its player's connection breaks. 0: it leaves at once.",
    ),
    row(
        "accounts",
        "guests",
        number(0, 10_000),
        "0",
        "How many guests may be here at a time (`connect guest`). 0: none.",
    ),
    row(
        "accounts",
        "idle_seconds",
        number(0, 1_000_000),
        "0",
        "Players who type nothing for so long are disconnected, except builders. 0: never.",
    ),
    row("client", "width", number(10, 1000), "78", "Columns of the window."),
    row("client", "height", number(5, 1000), "45", "Lines of the window."),
    row(
        "store",
        "file",
        Kind::Text,
        "data/meadow.db",
        "The SQLite file. A relative path starts at the game's folder.",
    ),
    row(
        "log",
        "level",
        Kind::Filter,
        "info",
        "What is logged: error, warn, info, debug or trace; finer with targets, such as\n\
         \"info,meadow_portal=debug\".",
    ),
    row(
        "log",
        "color",
        Kind::Choice(&["auto", "always", "never"]),
        "auto",
        "Colours in the log on a terminal: auto, always or never.",
    ),
];
