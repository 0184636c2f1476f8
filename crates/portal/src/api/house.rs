//! What only the Portal knows or can do, for those who may ask for it: the world has said so, and has written it down
//! where it changes anything. `Api` calls this with the world's answer.

use std::{path::PathBuf, sync::Arc, time::UNIX_EPOCH};

use meadow_link::{Kwargs, RestartMode};
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::spawn_blocking};
use tracing::info;

use super::{Reply, log_tail};
use crate::{
    Backup, PortalConfig, ShownSetting,
    launcher::Desk,
    sessionhandler::PortalSessionHandler,
    supervisor::{Event, Request},
};

/// The Portal, as it is asked by pages for staff.
pub(crate) struct House {
    handler: Arc<PortalSessionHandler>,
    desk: Arc<Desk>,
    logs: Option<PathBuf>,
    settings: Vec<ShownSetting>,
    backup: Option<Backup>,
}

impl House {
    pub(crate) fn new(config: &PortalConfig, handler: Arc<PortalSessionHandler>, desk: Arc<Desk>) -> House {
        let (logs, settings, backup) = (config.logs.clone(), config.settings.clone(), config.backup.clone());
        House { handler, desk, logs, settings, backup }
    }

    /// Goes on where the world has ended: adds what it does not know, or does what it may not do itself.
    pub(super) async fn go_on(&self, name: &str, mut told: Value) -> Reply {
        match name {
            "sessions" => self.add_to_sessions(&mut told),
            "status" => {
                told["portal"] = self.desk.info().into();
                told["backup"] = self.newest_backup().await;
            }
            "services" => told["services"] = json!(self.desk.services()),
            "throttles" => told["connections"] = self.handler.admitted().into(),
            "settings" => {
                let shown = |setting: &ShownSetting| json!({ "name": setting.name, "value": setting.value, "origin": setting.origin });
                told["settings"] = self.settings.iter().map(shown).collect();
            }
            "log" => return self.log(&told).await,
            "reload" => return self.reload().await,
            "backup" => return self.backup().await,
            _ => {}
        }
        Reply::ok(told)
    }

    /// Sessions that the Portal has and the world not yet are told of, too.
    fn add_to_sessions(&self, told: &mut Value) {
        let Some(sessions) = told["sessions"].as_array_mut() else { return };
        for mut known in self.handler.inspect(None) {
            // The world says when a player was last seen to do something.
            let silent = known.shift_remove("idle").unwrap_or_default();
            known.insert("silent".to_owned(), silent);
            match sessions.iter_mut().find(|session| session["id"] == known["id"]) {
                Some(Value::Object(session)) => {
                    for (name, value) in known {
                        session.entry(name).or_insert(value);
                    }
                }
                _ => {
                    known.insert("account".to_owned(), Value::Null);
                    sessions.push(known.into());
                }
            }
        }
    }

    /// The world has checked what is wanted.
    async fn log(&self, wanted: &Value) -> Reply {
        let text = |name: &str| wanted[name].as_str().unwrap_or_default().to_owned();
        let Some(folder) = &self.logs else {
            return Reply::error(409, "The game runs in the foreground: its log goes to the terminal.");
        };
        let (file, level) = (folder.join(format!("{}.log", text("process"))), text("level"));
        let most = wanted["lines"].as_u64().and_then(|lines| usize::try_from(lines).ok()).unwrap_or(0);
        let read = file.clone();
        match spawn_blocking(move || log_tail::read(&read, most, &level)).await {
            Ok(Ok(lines)) => Reply::ok(json!({ "file": file, "lines": lines })),
            Ok(Err(error)) => Reply::error(404, format!("{} can't be read: {error}.", file.display())),
            Err(_) => Reply::error(500, "The log can't be read."),
        }
    }

    async fn reload(&self) -> Reply {
        let (asker, outcome) = oneshot::channel();
        self.desk.tell(Event::Request(Request::Restart(RestartMode::Reload, Some(asker))));
        match outcome.await {
            Ok(Ok(done)) => Reply::ok(without_ok(done)),
            Ok(Err(why)) => Reply::error(409, format!("The reload failed: {why}.")),
            Err(_) => Reply::error(503, "The game is ending."),
        }
    }

    /// Null if there is none.
    async fn newest_backup(&self) -> Value {
        let Some(backup) = self.backup.clone() else { return Value::Null };
        let newest = spawn_blocking(move || backup.newest()).await.ok().flatten();
        newest.map_or(Value::Null, |(file, made, bytes)| {
            let made = made.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
            json!({ "file": file, "made": made, "bytes": bytes })
        })
    }

    async fn backup(&self) -> Reply {
        let Some(backup) = self.backup.clone() else {
            return Reply::error(409, "This game has no folder for backups.");
        };
        match spawn_blocking(move || backup.make()).await {
            Ok(Ok(file)) => {
                info!(file = %file.display(), "a backup was made");
                Reply::ok(json!({ "file": file }))
            }
            Ok(Err(why)) => Reply::error(500, format!("The backup failed: {why}.")),
            Err(_) => Reply::error(500, "The backup failed."),
        }
    }
}

/// A launcher is told in the body that all is well; a page by the status.
fn without_ok(mut done: Kwargs) -> Value {
    done.shift_remove("ok");
    done.into()
}
