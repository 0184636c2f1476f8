//! `weather`: asks a script for what it remembers.

use meadow::prelude::*;

use crate::scripts::Weather;

/// `weather`
pub struct CmdWeather;

impl Command for CmdWeather {
    const META: Meta = Meta {
        key: "weather",
        aliases: &["sky"],
        help: "look at the sky",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let here = cx.location()?;
        if !cx.world[here].has_tag("outdoors") {
            return Err(say("There is a roof between you and the sky."));
        }
        cx.msg(Weather::now(cx.world));
        Ok(())
    }
}
