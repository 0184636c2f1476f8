//! What one client says and hears in GMCP, and the packages that need no game: they are answered here. Telnet
//! and the web formats own one for each client.

use meadow_link::{
    CommandTuple, Kwargs,
    oob::{CharLoginDefault, CharLoginResult, PASSWORD_CREDENTIALS},
    tuple,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{EncodeError, Names, Supports, decode, encode, encode::message, package};
use crate::{Depth, Render, Rendering, oob::OobSettings};

/// Longest name, and longest password, that `Char.Login.Credentials` may have, in bytes.
pub const CREDENTIAL_LIMIT: usize = 1024;

/// Longest name of a client, in characters.
const CLIENT_NAME_LIMIT: usize = 64;

/// One client of GMCP. Its form in serde is for another process that goes on with the client.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Gmcp {
    supports: Supports,
    login: Login,
    ping: Option<u32>,
    malformed: u32,
}

/// How far a client has come with logging in by `Char.Login`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
enum Login {
    /// It was not told that it may.
    #[default]
    Unoffered,
    /// It was.
    Offered,
    /// It sent credentials, and waits.
    Waiting,
    /// Somebody is logged in, in whatever way.
    Done,
}

/// What a message of a client means.
#[derive(Debug, Clone, PartialEq)]
pub enum Incoming {
    /// Something for the game.
    Input(CommandTuple),
    /// These messages are to be sent back at once.
    Answer(Vec<String>),
    /// The client says what it is: its name and version, in capitals, as the flag `CLIENTNAME` has them.
    ClientName(String),
    /// Variables of MSDP, in the package `MSDP`.
    Msdp(Kwargs),
    /// Nothing that anybody has to do anything about.
    Nothing,
}

impl Gmcp {
    /// A message came. What is malformed is counted, and otherwise ignored.
    pub fn receive(&mut self, message: &[u8], settings: &OobSettings) -> Incoming {
        match decode(message, &settings.names) {
            Ok(Some(tuple)) => self.take(tuple, settings),
            Ok(None) => Incoming::Nothing,
            Err(_) => {
                self.malformed = self.malformed.saturating_add(1);
                Incoming::Nothing
            }
        }
    }

    /// The message of what the game says, if the client wants it.
    ///
    /// # Errors
    ///
    /// As those of [`encode`].
    pub fn send(
        &mut self,
        tuple: &CommandTuple,
        settings: &OobSettings,
    ) -> Result<Option<String>, EncodeError> {
        let package = package(&tuple.name, &settings.names)?;
        if package.eq_ignore_ascii_case("Char.Login.Result") {
            // Whoever typed a password has read the answer.
            return if self.waits_no_more() { message(package, tuple).map(Some) } else { Ok(None) };
        }
        self.supports.wants(&package).then(|| message(package, tuple)).transpose()
    }

    /// Somebody logged in: what a client hears that logged in by credentials.
    pub fn at_login(&mut self) -> Option<String> {
        let waited = self.waits_no_more();
        self.login = Login::Done;
        waited.then(|| own(CharLoginResult { success: true, message: None }))
    }

    /// `Core.Goodbye`, for the end of the connection. The reason is markup.
    pub fn goodbye(reason: &str) -> String {
        let mut render = Render::new(reason);
        let plain = render.text(Rendering::Ansi { depth: Depth::None, screenreader: false });
        own(tuple("goodbye").arg(plain.trim_end()))
    }

    /// Which packages the client wants.
    pub fn supports(&self) -> &Supports {
        &self.supports
    }

    /// How long a message and its answer take, in milliseconds, by the client's own count (`Core.Ping`).
    pub fn ping(&self) -> Option<u32> {
        self.ping
    }

    /// How many messages of the client were ignored because they could not be read.
    pub fn malformed(&self) -> u32 {
        self.malformed
    }

    fn take(&mut self, mut given: CommandTuple, settings: &OobSettings) -> Incoming {
        match given.name.as_str() {
            // What has no name can have no inputfunc.
            "" => Incoming::Nothing,
            "hello" => client_name(&given.kwargs).map_or(Incoming::Nothing, Incoming::ClientName),
            "supports_set" => self.supported(|supports| supports.set(&given.args)),
            "supports_add" => self.supported(|supports| supports.add(&given.args)),
            "supports_remove" => self.supported(|supports| supports.remove(&given.args)),
            "ping" => {
                let average = given.args.first().and_then(Value::as_f64).filter(|average| *average >= 0.0);
                // A cast of a float stops at the bounds of the number.
                self.ping = average.map(|average| average as u32).or(self.ping);
                Incoming::Answer(vec![own(tuple("ping"))])
            }
            "char_login_credentials" => self.credentials(&mut given.kwargs),
            "external_discord_hello" | "external_discord_get" => match &settings.discord {
                Some(discord) => {
                    Incoming::Answer(vec![own(discord.info.clone()), own(discord.status.clone())])
                }
                None => Incoming::Input(given),
            },
            "msdp" if !given.kwargs.is_empty() => Incoming::Msdp(given.kwargs),
            _ => Incoming::Input(given),
        }
    }

    /// The client says which packages it wants. Mudlet sends credentials only after it was told that it may.
    fn supported(&mut self, change: impl FnOnce(&mut Supports)) -> Incoming {
        change(&mut self.supports);
        if self.login == Login::Unoffered && self.supports.names("Char.Login") {
            self.login = Login::Offered;
            let ways = CharLoginDefault { r#type: vec![PASSWORD_CREDENTIALS.to_owned()], location: None };
            return Incoming::Answer(vec![own(ways)]);
        }
        Incoming::Nothing
    }

    /// The Server is given them as those of its inputfunc `login`, which has the limits of typed ones. Empty
    /// ones say that the player will type.
    fn credentials(&mut self, given: &mut Kwargs) -> Incoming {
        let (Some(Value::String(name)), Some(Value::String(password))) =
            (given.remove("account"), given.remove("password"))
        else {
            return Incoming::Nothing;
        };
        if self.login == Login::Done {
            return Incoming::Nothing;
        }
        if name.len().max(password.len()) > CREDENTIAL_LIMIT {
            let message = Some("That name or password is too long.".to_owned());
            return Incoming::Answer(vec![own(CharLoginResult { success: false, message })]);
        }
        self.login = Login::Waiting;
        Incoming::Input(tuple("login").kw("name", name).kw("password", password))
    }

    fn waits_no_more(&mut self) -> bool {
        let waited = self.login == Login::Waiting;
        if waited {
            self.login = Login::Offered;
        }
        waited
    }
}

/// A message of the Portal's own.
fn own(tuple: impl Into<CommandTuple>) -> String {
    encode(&tuple.into(), &Names::default()).unwrap_or_default()
}

/// The name and version of `Core.Hello`, whose keys clients write as they please.
fn client_name(given: &Kwargs) -> Option<String> {
    let field = |wanted: &str| {
        let (_, value) = given.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted))?;
        value.as_str()
    };
    let name = match (field("client")?, field("version")) {
        (client, Some(version)) => format!("{client} {version}"),
        (client, None) => client.to_owned(),
    };
    Some(tidy_client_name(&name)).filter(|name| !name.is_empty())
}

/// What a client calls itself, as flags have it: in capitals, without controls, and not too long.
pub(crate) fn tidy_client_name(name: &str) -> String {
    let name: String = name.chars().filter(|ch| !ch.is_control()).take(CLIENT_NAME_LIMIT).collect();
    name.trim().to_uppercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::oob::Discord;

    struct Client(Gmcp, OobSettings);

    impl Client {
        fn new() -> Client {
            Client(Gmcp::default(), OobSettings::default())
        }

        fn says(&mut self, message: &str) -> Incoming {
            self.0.receive(message.as_bytes(), &self.1)
        }

        fn hears(&mut self, tuple: CommandTuple) -> Option<String> {
            self.0.send(&tuple, &self.1).unwrap()
        }
    }

    fn answer(messages: &[&str]) -> Incoming {
        Incoming::Answer(messages.iter().map(|message| (*message).to_owned()).collect())
    }

    #[test]
    fn pings_are_answered_and_remembered() {
        let mut client = Client::new();
        assert_eq!(client.says("Core.Ping"), answer(&["Core.Ping"]));
        assert_eq!(client.0.ping(), None);
        for (body, average) in [("120", 120), ("35.7", 35), ("-1", 35), ("abc", 35), ("1e300", u32::MAX)] {
            assert_eq!(client.says(&format!("core.ping {body}")), answer(&["Core.Ping"]));
            assert_eq!(client.0.ping(), Some(average), "{body}");
        }
    }

    #[test]
    fn hello_whatever_the_case_of_its_keys() {
        let mut client = Client::new();
        let named = |name: &str| Incoming::ClientName(name.to_owned());
        assert_eq!(
            client.says(r#"Core.Hello {"client": "Mudlet", "version": "4.17.2"}"#),
            named("MUDLET 4.17.2")
        );
        assert_eq!(client.says(r#"Core.Hello {"Client": "Nexus", "VERSION": "3"}"#), named("NEXUS 3"));
        assert_eq!(client.says(r#"Core.Hello {"client": "a\u001bb"}"#), named("AB"));
        for nothing in ["Core.Hello", r#"Core.Hello {"client": 1}"#, r#"Core.Hello {"client": ""}"#] {
            assert_eq!(client.says(nothing), Incoming::Nothing);
        }
    }

    #[test]
    fn the_client_hears_what_it_supports() {
        let mut client = Client::new();
        assert_eq!(client.hears(tuple("room_info")), Some("Room.Info".into()));
        assert_eq!(client.says(r#"Core.Supports.Set ["Char.Vitals 1"]"#), Incoming::Nothing);
        assert_eq!(client.hears(tuple("room_info")), None);
        assert_eq!(client.hears(tuple("char_vitals").kw("hp", 1)), Some(r#"Char.Vitals {"hp": 1}"#.into()));
        assert_eq!(client.hears(tuple("logged_in")), None);
        client.says(r#"Core.Supports.Add ["Room 1"]"#);
        assert_eq!(client.hears(tuple("room_info")), Some("Room.Info".into()));
        client.says(r#"Core.Supports.Remove ["Char.Vitals"]"#);
        assert_eq!(client.hears(tuple("char_vitals")), None);
        assert!(client.0.send(&tuple("a b"), &OobSettings::default()).is_err());
    }

    #[test]
    fn logging_in_with_credentials() {
        let mut client = Client::new();
        let offer = r#"Char.Login.Default {"type": ["password-credentials"]}"#;
        assert_eq!(client.says(r#"Core.Supports.Set ["Char 1", "Char.Login 1"]"#), answer(&[offer]));
        assert_eq!(client.says(r#"Core.Supports.Add ["Room 1"]"#), Incoming::Nothing, "offered once");
        assert_eq!(client.says("Char.Login.Credentials {}"), Incoming::Nothing);
        let credentials = r#"Char.Login.Credentials {"account": "Ann", "password": "secret"}"#;
        let login = Incoming::Input(tuple("login").kw("name", "Ann").kw("password", "secret"));
        assert_eq!(client.says(credentials), login);
        let wrong = tuple("char_login_result").kw("success", false).kw("message", "No.");
        let told = r#"Char.Login.Result {"success": false, "message": "No."}"#;
        assert_eq!(client.hears(wrong.clone()), Some(told.into()));
        assert_eq!(client.hears(wrong), None, "it was not asked for");
        assert_eq!(client.says(credentials), login);
        assert_eq!(client.0.at_login(), Some(r#"Char.Login.Result {"success": true}"#.into()));
        assert_eq!(client.says(credentials), Incoming::Nothing, "somebody is logged in");
        assert_eq!(client.0.at_login(), None);
    }

    #[test]
    fn who_logged_in_by_typing_is_not_asked_for_credentials() {
        let mut client = Client::new();
        assert_eq!(client.0.at_login(), None);
        assert_eq!(client.says(r#"Core.Supports.Set ["Char.Login 1"]"#), Incoming::Nothing);
    }

    #[test]
    fn credentials_at_the_limit_and_one_past_it() {
        let mut client = Client::new();
        let mut send = |length: usize| {
            let body = json!({"account": "Ann", "password": "x".repeat(length)});
            client.says(&format!("Char.Login.Credentials {body}"))
        };
        assert!(matches!(send(CREDENTIAL_LIMIT), Incoming::Input(_)));
        let Incoming::Answer(told) = send(CREDENTIAL_LIMIT + 1) else { panic!("too long") };
        assert!(told[0].starts_with(r#"Char.Login.Result {"success": false, "#));
    }

    #[test]
    fn discord_is_answered_from_the_settings_or_by_the_game() {
        let mut client = Client::new();
        assert_eq!(client.says("External.Discord.Get"), Incoming::Input(tuple("external_discord_get")));
        let mut discord = Discord::default();
        discord.info.inviteurl = Some("https://discord.gg/x".into());
        discord.status.game = Some("Meadow".into());
        client.1.discord = Some(Box::new(discord));
        let told = [
            r#"External.Discord.Info {"inviteurl": "https://discord.gg/x"}"#,
            r#"External.Discord.Status {"game": "Meadow"}"#,
        ];
        assert_eq!(client.says("External.Discord.Get"), answer(&told));
        assert_eq!(client.says(r#"External.Discord.Hello {"private": true}"#), answer(&told));
    }

    #[test]
    fn the_rest_is_for_the_game_and_rubbish_is_counted() {
        let mut client = Client::new();
        assert_eq!(client.says("Core.KeepAlive"), Incoming::Input(tuple("keepalive")));
        for name in ["session", "self", "command", "sessid", "options", "\u{fffd}", "\0"] {
            assert_eq!(client.says(name), Incoming::Input(tuple(name)));
        }
        let variables = json!({"LIST": "COMMANDS"});
        let Value::Object(variables) = variables else { unreachable!() };
        assert_eq!(client.says(r#"MSDP {"LIST": "COMMANDS"}"#), Incoming::Msdp(variables));
        assert_eq!(client.says("Core."), Incoming::Nothing);
        assert_eq!(client.says(" "), Incoming::Nothing);
        assert_eq!(client.0.malformed(), 0);
        assert_eq!(client.says("Char.Vitals {"), Incoming::Nothing);
        assert_eq!(client.0.malformed(), 1);
    }

    #[test]
    fn goodbye_has_no_colours() {
        assert_eq!(Gmcp::goodbye("|rBye.|n"), r#"Core.Goodbye "Bye.""#);
    }
}
