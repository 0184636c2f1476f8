//! Which language a websocket client is spoken to in. The web listener asks with the client's offer.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use meadow_protocol::{
    Protocol,
    oob::OobSettings,
    web::{
        AnsiFormat, Choice, Negotiation, Subprotocol, WebsocketAnsi, WebsocketSettings, WebsocketTelnet,
        WebsocketTelnetSettings, WebsocketV1, choose,
    },
};

use crate::PortalConfig;

/// What the websocket clients of each language share.
pub(crate) struct Languages {
    negotiation: Negotiation,
    websocket: WebsocketSettings,
    oob: Arc<OobSettings>,
    telnet: WebsocketTelnetSettings,
}

impl Languages {
    pub(crate) fn new(config: &PortalConfig) -> Languages {
        Languages {
            negotiation: config.websocket_negotiation,
            websocket: WebsocketSettings::default(),
            oob: Arc::new(config.telnet_settings.oob.clone()),
            telnet: config.telnet_settings.clone().into(),
        }
    }

    /// The language for a client that sends these headers.
    pub(super) fn choose(&self, headers: &HeaderMap) -> Choice {
        let offers = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).into_iter();
        let offered: Vec<&str> = offers
            // What is not even ASCII is no name that anybody knows.
            .flat_map(|value| value.to_str().unwrap_or("?").split(','))
            .map(str::trim)
            .collect();
        choose(&offered, self.negotiation)
    }

    /// A client of this language.
    pub(super) fn protocol(&self, language: Subprotocol) -> Box<dyn Protocol> {
        let ansi = |format| Box::new(WebsocketAnsi::new(format, self.websocket, Arc::clone(&self.oob)));
        match language {
            Subprotocol::Json => ansi(AnsiFormat::Json),
            Subprotocol::Gmcp => ansi(AnsiFormat::Gmcp),
            Subprotocol::Terminal => ansi(AnsiFormat::Terminal),
            Subprotocol::Telnet => Box::new(WebsocketTelnet::new(&self.telnet)),
            Subprotocol::V1 => Box::new(WebsocketV1::new(self.websocket)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(offers: &[&str], negotiation: Negotiation) -> Choice {
        let mut config = PortalConfig::for_tests();
        config.websocket_negotiation = negotiation;
        let mut headers = HeaderMap::new();
        for offer in offers {
            headers.append(header::SEC_WEBSOCKET_PROTOCOL, offer.parse().expect("a value"));
        }
        Languages::new(&config).choose(&headers)
    }

    #[test]
    fn offers_come_in_one_header_or_in_several() {
        let strict = |offers| choice(offers, Negotiation::Strict);
        assert_eq!(strict(&[]), Choice::Unnamed(Subprotocol::V1));
        assert_eq!(strict(&["chat, v1.evennia.com"]), Choice::Named(Subprotocol::V1));
        assert_eq!(strict(&["v1.evennia.com", "json.mudstandards.org"]), Choice::Named(Subprotocol::Json));
        assert_eq!(strict(&["chat"]), Choice::Refused);
        assert_eq!(strict(&[""]), Choice::Refused);
        assert_eq!(choice(&["chat"], Negotiation::Legacy), Choice::Unnamed(Subprotocol::V1));
    }
}
