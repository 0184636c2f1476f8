//! The templates of the site (minijinja, the language of Jinja2): ours, which are part of the program, and a game's own
//! before them. A template of the game's that is broken costs the game its look, never its page: ours is shown, and the
//! log says which line is wrong.
//!
//! # What a template finds
//! `docs/site.md` says which values there are. `meadow/index.html` is ours even where the game has an `index.html`, so
//! that a game can build on it.

use std::{
    error::Error as _,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value, escape_formatter};
use tracing::error;

use crate::listen::files::{self, Files};

/// The folder of the templates, ours and the game's.
const FOLDER: &str = "website";
/// Before the name of a template: ours, whatever the game has.
const OURS: &str = "meadow/";

/// All templates.
pub(crate) struct Templates {
    files: Arc<Files>,
    ours: Environment<'static>,
    /// What was told last of a broken template: every visitor finds it, the log has it once.
    told: Mutex<String>,
}

/// What became of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rendered {
    /// It is here.
    Page(String),
    /// There is no such template.
    Missing,
    /// It is broken, and there is nothing in its place.
    Broken,
}

impl Templates {
    pub(crate) fn new(files: Arc<Files>) -> Templates {
        let mut ours = environment();
        ours.set_loader(|name| Ok(ours_named(name)));
        Templates { files, ours, told: Mutex::default() }
    }

    /// Renders the template of this name, the game's own before ours. It reads files.
    pub(crate) fn render(&self, name: &str, values: &Value) -> Rendered {
        if let Some(environment) = self.of_the_game() {
            match render(&environment, name, values) {
                Ok(rendered) => return rendered,
                Err(error) => self.tell(&error, Some(self.files.folder())),
            }
            if ours_named(name).is_none() {
                return Rendered::Broken;
            }
        }
        render(&self.ours, name, values).unwrap_or_else(|error| {
            self.tell(&error, None);
            Rendered::Broken
        })
    }

    /// With the game's own templates as they are now; `None` if it has none.
    fn of_the_game(&self) -> Option<Environment<'static>> {
        if !self.files.folder().join(FOLDER).is_dir() {
            return None;
        }
        let mut environment = environment();
        let files = Arc::clone(&self.files);
        environment.set_loader(move |name| match files.own(&format!("{FOLDER}/{name}")) {
            Some(text) => String::from_utf8(text).map(Some).map_err(|_| {
                let mut wrong = Error::new(ErrorKind::SyntaxError, format!("{name} is not UTF-8"));
                wrong = wrong.with_source(std::fmt::Error);
                wrong
            }),
            None => Ok(ours_named(name)),
        });
        Some(environment)
    }

    /// `own`: where the game's own are, if they were used.
    fn tell(&self, error: &Error, own: Option<&Path>) {
        // An error in a template that another one includes is its cause.
        let mut innermost = error;
        while let Some(cause) = innermost.source().and_then(|cause| cause.downcast_ref::<Error>()) {
            innermost = cause;
        }
        let (name, line) = (innermost.name().unwrap_or("?"), innermost.line().unwrap_or(0));
        let own = own.map(|own| own.join(FOLDER).join(name)).filter(|own| own.is_file());
        let file = own.map_or_else(|| format!("{OURS}{name}"), |own| own.display().to_string());
        let wrong = innermost.detail().map_or_else(|| innermost.kind().to_string(), str::to_owned);
        let text = format!("{file}, line {line}: {wrong}");
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if *told != text {
            error!(
                file,
                line,
                wrong,
                "a template of the site is broken; where there is one of ours, it is shown instead"
            );
            *told = text;
        }
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    // A name that is misspelt is an error with a line; whether a value is there at all may be asked.
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    // As the engine does it, but slashes stay what they are: addresses are read by programs that know no better.
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if *state.auto_escape() == AutoEscape::Html && !value.is_safe() => {
            out.write_str(&files::escape(text)).map_err(Error::from)
        }
        _ => escape_formatter(out, state, value),
    });
    environment
}

fn ours_named(name: &str) -> Option<String> {
    let name = name.strip_prefix(OURS).unwrap_or(name);
    let text = files::ours(&format!("{FOLDER}/{name}")).filter(|_| name.ends_with(".html"))?;
    String::from_utf8(text).ok()
}

fn render(environment: &Environment<'_>, name: &str, values: &Value) -> Result<Rendered, Error> {
    let template = match environment.get_template(name) {
        Ok(template) => template,
        Err(error) if error.kind() == ErrorKind::TemplateNotFound => return Ok(Rendered::Missing),
        Err(error) => return Err(error),
    };
    template.render(values.clone()).map(Rendered::Page)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use minijinja::context;

    use super::*;

    struct Game {
        dir: tempfile::TempDir,
        templates: Templates,
    }

    impl Game {
        fn new() -> Game {
            let dir = tempfile::tempdir().expect("a folder");
            let files = Arc::new(Files::new("A Meadow", &dir.path().join("web")));
            Game { templates: Templates::new(files), dir }
        }

        fn write(&self, name: &str, text: impl AsRef<[u8]>) {
            let path = self.dir.path().join("web").join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }

        fn page(&self, name: &str) -> Rendered {
            let values = context! { word => "<b>oak & ash</b>" };
            self.templates.render(name, &values)
        }

        fn told(&self) -> String {
            self.templates.told.lock().expect("no panic").clone()
        }
    }

    fn page(text: &str) -> Rendered {
        Rendered::Page(text.to_owned())
    }

    #[test]
    fn a_games_own_come_first_and_are_read_at_each_request() {
        let game = Game::new();
        assert_eq!(game.page("pages/lore.html"), Rendered::Missing);
        game.write("website/pages/lore.html", "{{ word }}");
        assert_eq!(game.page("pages/lore.html"), page("&lt;b&gt;oak &amp; ash&lt;/b&gt;"));
        game.write("website/pages/lore.html", "changed {% include 'part.html' %}");
        game.write("website/part.html", "in part");
        assert_eq!(game.page("pages/lore.html"), page("changed in part"));
    }

    #[test]
    fn a_broken_one_is_told_by_file_and_line_and_ours_is_shown() {
        let game = Game::new();
        game.write("website/error.html", "one\n{% if %}\n");
        game.write("website/pages/lore.html", "one\n{% include 'part.html' %}");
        game.write("website/part.html", "one\ntwo\n{{ missing }}");
        let named = context! { name => "Oak", description => "", version => "1" };
        let values = context! {
            game => named, page => context! { message => "No." }, base => "/", path => "/", meadow => "1",
            account => (), registration => false
        };
        let Rendered::Page(shown) = game.templates.render("error.html", &values) else { panic!("no page") };
        assert!(shown.contains("<h1>No.</h1>"), "{shown}");
        assert!(game.told().contains("web/website/error.html, line 2: "), "{}", game.told());
        assert_eq!(game.page("pages/lore.html"), Rendered::Broken);
        assert!(game.told().contains("web/website/part.html, line 3: "), "{}", game.told());
        game.write("website/part.html", [0xff]);
        assert_eq!(game.page("pages/lore.html"), Rendered::Broken);
        assert!(game.told().contains("part.html"), "{}", game.told());
        assert!(game.told().contains("is not UTF-8"), "{}", game.told());
    }

    #[test]
    fn nothing_is_read_from_outside_of_the_folder() {
        let game = Game::new();
        fs::write(game.dir.path().join("secret.html"), "secret").expect("written");
        game.write("secret.html", "secret");
        game.write("website/.secret.html", "secret");
        for name in
            ["../secret.html", "../../secret.html", "/etc/passwd", ".secret.html", "x/../../secret.html"]
        {
            assert_eq!(game.page(name), Rendered::Missing, "{name}");
            game.write("website/pages/lore.html", format!("{{% include '{name}' %}}"));
            assert_eq!(game.page("pages/lore.html"), Rendered::Broken, "{name}");
        }
    }

    #[test]
    fn one_that_never_ends_is_ended() {
        let game = Game::new();
        game.write("website/pages/lore.html", "{% include 'pages/lore.html' %}");
        assert_eq!(game.page("pages/lore.html"), Rendered::Broken);
        game.write("website/pages/lore.html", "{% extends 'pages/lore.html' %}");
        assert_eq!(game.page("pages/lore.html"), Rendered::Broken);
        game.write("website/pages/lore.html", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}");
        assert_eq!(game.page("pages/lore.html"), Rendered::Broken);
    }

    #[test]
    fn ours_are_there_to_build_on() {
        let game = Game::new();
        assert!(ours_named("index.html").is_some_and(|text| ours_named("meadow/index.html") == Some(text)));
        assert!(ours_named("site.css").is_none(), "what is no page is no template");
        game.write("website/base.html", "<i>{% block main %}{% endblock %}</i>");
        game.write("website/pages/lore.html", "{% extends 'base.html' %}{% block main %}Elves{% endblock %}");
        assert_eq!(game.page("pages/lore.html"), page("<i>Elves</i>"));
    }
}
