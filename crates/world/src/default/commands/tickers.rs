//! `@tickers`: which tickers there are.

use super::listing::{columns, seconds};
use crate::{Command, Cx, Meta, Result, Ticker, TickerSubscriber, World, say};

/// `@tickers`
pub(super) struct CmdTickers;

impl Command for CmdTickers {
    const META: Meta = Meta {
        key: "@tickers",
        locks: "cmd:perm(Builder)",
        help: "see which tickers there are\n\nUsage:\n  @tickers\n\nA ticker calls a function of the game, or an \
               object's hook at_tick, again and again. Tickers of the same interval are called together.",
        help_category: "System",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let world = &*cx.world;
        let mut tickers: Vec<&Ticker> = world.tickers().map(|(_, ticker)| ticker).collect();
        if tickers.is_empty() {
            return Err(say("There are no tickers."));
        }
        tickers.sort_by_key(|ticker| ticker.interval());
        let heads = ["Interval", "Next", "Object", "Function", "Idstring", "Persistent"];
        let told = columns(heads, tickers.into_iter().map(|ticker| row(world, ticker)), cx.screen());
        cx.page(told);
        Ok(())
    }
}

fn row(world: &World, ticker: &Ticker) -> [String; 6] {
    let next = match ticker.is_paused() {
        true => Some("paused".to_owned()),
        false => world.next_tick(ticker.interval()).map(|at| seconds(at.since(world.now()))),
    };
    let subscriber = match ticker.subscriber() {
        TickerSubscriber::Nobody => "-".to_owned(),
        TickerSubscriber::Object(id) => {
            format!("{}({id})", world.object(id).map(|object| object.key()).unwrap_or_default())
        }
        TickerSubscriber::Session(id) => format!("session {}", id.0),
    };
    let known = world.game().timing.tickers.contains_key(ticker.function());
    let function = format!("{}{}", ticker.function(), if known { "" } else { " (unknown)" });
    [
        seconds(ticker.interval()),
        next.unwrap_or_default(),
        subscriber,
        function,
        ticker.idstring().to_owned(),
        if ticker.is_persistent() { "yes" } else { "no" }.to_owned(),
    ]
}
