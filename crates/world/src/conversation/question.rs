//! Quick questions: the next line is handed to a closure.

use meadow_link::prompt;

use crate::{Cx, Result, say};

use super::{
    run::TOO_DEEP,
    stack::{Question, What},
};

impl Cx<'_> {
    /// Asks something: the next line that the player types is `answer`'s `cx.args`, not a command. It never goes into
    /// a log. What nobody else is to see is asked for with [`Cx::ask_secret`].
    ///
    /// A closure can't be kept over a reload: the player is told then, in place of the answer, to give the command
    /// again. What has to go on after a reload is a [`Conversation`](crate::Conversation).
    ///
    /// # Errors
    /// Nobody typed this, so nobody can be asked; or the player is being asked too many things already.
    pub fn ask(
        &mut self,
        question: impl Into<String>,
        answer: impl FnOnce(&mut Cx<'_>) -> Result + 'static,
    ) -> Result {
        let asked: String = question.into();
        self.stack_question(&asked, false, Box::new(answer))?;
        self.msg(prompt(asked));
        Ok(())
    }

    /// As [`Cx::ask`], for what nobody else is to see, such as a password: clients are told not to show what is typed
    /// (telnet's ECHO; SSH and the browser client do the like), until it is answered, or nobody waits for it any more.
    /// It is in no log and no history. A client that knows nothing of this shows it; the question works all the same.
    ///
    /// ```
    /// use meadow_world::{Command, Cx, Meta, Result, say};
    ///
    /// struct Knock;
    ///
    /// impl Command for Knock {
    ///     const META: Meta = Meta { key: "knock", ..Meta::DEFAULT };
    ///     type Args = ();
    ///
    ///     fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
    ///         cx.ask_secret("The word? ", |cx| match cx.raw.as_str() {
    ///             "swordfish" => {
    ///                 cx.msg("The door opens.");
    ///                 Ok(())
    ///             }
    ///             _ => Err(say("Nothing happens.")),
    ///         })
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// As for [`Cx::ask`].
    pub fn ask_secret(
        &mut self,
        question: impl Into<String>,
        answer: impl FnOnce(&mut Cx<'_>) -> Result + 'static,
    ) -> Result {
        let asked: String = question.into();
        self.stack_question(&asked, true, Box::new(answer))?;
        self.msg(prompt(asked));
        Ok(())
    }

    fn stack_question(&mut self, asked: &str, is_secret: bool, answer: Question) -> Result {
        let (session, body) = (self.session()?, self.puppet);
        let Some(from) = self.world.session_mut(session) else { return Ok(()) };
        let what = What::Question { asked: asked.into(), answer };
        from.conversations.push(body, is_secret, what).ok_or_else(|| say(TOO_DEEP))?;
        self.world.veils.push(session);
        self.world.sync_session(session);
        Ok(())
    }

    /// Asks something that is answered by yes or no; an empty line means yes. Anything else is asked again.
    ///
    /// # Errors
    /// As for [`Cx::ask`].
    pub fn ask_yes_no(
        &mut self,
        question: impl Into<String>,
        then: impl FnOnce(&mut Cx<'_>, bool) -> Result + 'static,
    ) -> Result {
        let question = question.into();
        let again = question.clone();
        self.ask(format!("{question} [Y]/N? "), move |cx| match cx.args.to_lowercase().as_str() {
            "" | "y" | "yes" => then(cx, true),
            "n" | "no" | "abort" => then(cx, false),
            _ => {
                cx.msg("Please answer yes or no.");
                cx.ask_yes_no(again, then)
            }
        })
    }
}
