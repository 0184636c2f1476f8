//! Which language a websocket client speaks. The web listener asks [`choose`] with what the client offers.

use super::WebsocketV1;

/// A language that goes over a websocket, by its registered name (RFC 6455, section 1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subprotocol {
    /// `json.mudstandards.org`: terminal text, and envelopes of JSON.
    Json,
    /// `gmcp.mudstandards.org`: terminal text, and GMCP.
    Gmcp,
    /// `telnet.mudstandards.org`: a telnet connection.
    Telnet,
    /// `terminal.mudstandards.org`: terminal text.
    Terminal,
    /// `v1.evennia.com`: JSON arrays with HTML.
    V1,
}

impl Subprotocol {
    /// All of them, the one that says most about the game first: whoever offers several gets the first.
    pub const ALL: [Subprotocol; 5] =
        [Subprotocol::Json, Subprotocol::Gmcp, Subprotocol::Telnet, Subprotocol::Terminal, Subprotocol::V1];

    /// Its name, as clients offer it. Names are compared exactly.
    pub fn name(self) -> &'static str {
        match self {
            Subprotocol::Json => "json.mudstandards.org",
            Subprotocol::Gmcp => "gmcp.mudstandards.org",
            Subprotocol::Telnet => "telnet.mudstandards.org",
            Subprotocol::Terminal => "terminal.mudstandards.org",
            Subprotocol::V1 => WebsocketV1::SUBPROTOCOL,
        }
    }
}

/// What becomes of a client that offers only languages that are not spoken here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Negotiation {
    /// It is refused: by RFC 6455, section 4.1, it would have to close the connection itself.
    #[default]
    Strict,
    /// It is let in and spoken to in `v1.evennia.com`, as Evennia does.
    Legacy,
}

/// How a websocket client is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// In this language, which the answer names.
    Named(Subprotocol),
    /// In this language, which the answer must not name, since the client did not offer it.
    Unnamed(Subprotocol),
    /// Not at all.
    Refused,
}

/// The language for a client that offers these. One that offers none speaks `v1.evennia.com`.
pub fn choose(offered: &[&str], negotiation: Negotiation) -> Choice {
    let known = Subprotocol::ALL.into_iter().find(|known| offered.contains(&known.name()));
    match (known, negotiation) {
        (Some(known), _) => Choice::Named(known),
        (None, Negotiation::Strict) if !offered.is_empty() => Choice::Refused,
        (None, _) => Choice::Unnamed(Subprotocol::V1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_chosen_by_its_name_alone() {
        for known in Subprotocol::ALL {
            for negotiation in [Negotiation::Strict, Negotiation::Legacy] {
                assert_eq!(choose(&["x", known.name(), "y"], negotiation), Choice::Named(known));
            }
        }
    }

    #[test]
    fn of_several_ours_decides() {
        let all: Vec<_> = Subprotocol::ALL.iter().rev().map(|known| known.name()).collect();
        assert_eq!(choose(&all, Negotiation::Strict), Choice::Named(Subprotocol::Json));
        let two = ["v1.evennia.com", "terminal.mudstandards.org"];
        assert_eq!(choose(&two, Negotiation::Strict), Choice::Named(Subprotocol::Terminal));
    }

    #[test]
    fn strangers_are_refused_unless_the_old_way_is_wanted() {
        for strange in ["chat", "V1.evennia.com", "v1.evennia.com ", ""] {
            assert_eq!(choose(&[strange], Negotiation::Strict), Choice::Refused, "{strange:?}");
            assert_eq!(choose(&[strange], Negotiation::Legacy), Choice::Unnamed(Subprotocol::V1));
        }
    }

    #[test]
    fn who_offers_nothing_is_an_old_client() {
        assert_eq!(choose(&[], Negotiation::Strict), Choice::Unnamed(Subprotocol::V1));
        assert_eq!(choose(&[], Negotiation::Legacy), Choice::Unnamed(Subprotocol::V1));
    }
}
