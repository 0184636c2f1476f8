//! What only the Portal knows or can do, for those who may ask for it: the world has said so, and has written it down
//! where it changes anything. `Api` calls this with the world's answer.

use std::{cmp::Reverse, collections::HashSet, path::PathBuf, sync::Arc, time::UNIX_EPOCH};

use meadow_link::{Kwargs, RestartMode, SessionId};
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::spawn_blocking};
use tracing::info;

use super::{Reply, log_tail, machine};
use crate::{
    Backup, PortalConfig, ShownSetting,
    launcher::Desk,
    session::Load,
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
    /// The folder of what is stored.
    data: PathBuf,
}

/// Sessions of one page.
pub(super) struct PageOfSessions {
    /// Their numbers in order, with commas between.
    pub(super) ids: String,
    pub(super) pages: usize,
    pub(super) total: usize,
}

/// How many of those who have to wait are named.
const WORST: usize = 5;

impl House {
    pub(crate) fn new(config: &PortalConfig, handler: Arc<PortalSessionHandler>, desk: Arc<Desk>) -> House {
        let (logs, settings, backup) = (config.logs.clone(), config.settings.clone(), config.backup.clone());
        House { handler, desk, logs, settings, backup, data: config.data_dir.clone() }
    }

    /// Goes on where the world has ended: adds what it does not know, or does what it may not do itself.
    pub(super) async fn go_on(&self, name: &str, mut told: Value) -> Reply {
        match name {
            "sessions" => self.add_to_sessions(&mut told),
            "status" => {
                told["portal"] = self.desk.info().into();
                told["backup"] = self.newest_backup().await;
                self.add_machine(&mut told).await;
                told["strained"] = self.strained();
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

    /// What the Portal knows of these sessions, and how many it has that the world has not been told of.
    fn add_to_sessions(&self, told: &mut Value) {
        let known = told["connected"].as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
        told["arriving"] = self.handler.count().saturating_sub(known).into();
        let Some(sessions) = told["sessions"].as_array_mut() else { return };
        let ids: Vec<SessionId> = sessions.iter().filter_map(|session| id_of(&session["id"])).collect();
        for mut known in self.handler.inspect(Some(&ids)) {
            // The world says when a player was last seen to do something.
            let silent = known.shift_remove("idle").unwrap_or_default();
            known.insert("silent".to_owned(), silent);
            if let Some(Value::Object(session)) =
                sessions.iter_mut().find(|session| session["id"] == known["id"])
            {
                for (name, value) in known {
                    session.entry(name).or_insert(value);
                }
            }
        }
        for load in self.handler.loads(Some(&ids)) {
            if let Some(session) = sessions.iter_mut().find(|session| id_of(&session["id"]) == Some(load.id))
            {
                session["strain"] = json!(load.strain());
            }
        }
    }

    /// The world has told of all sessions that are meant, and by what they are to be sorted: those of the page. None if it
    /// has told of the sessions themselves.
    pub(super) fn page_of_sessions(&self, wanted: &Value) -> Option<PageOfSessions> {
        let order = wanted["order"].as_str()?;
        let meant: HashSet<SessionId> = wanted["ids"].as_array()?.iter().filter_map(id_of).collect();
        let number = |name: &str| wanted[name].as_u64().and_then(|number| usize::try_from(number).ok());
        let (skip, show) = (number("skip")?, number("show")?.max(1));
        let mut loads = self.handler.loads(None);
        loads.retain(|load| meant.contains(&load.id));
        // Those that are alike stay in the order in which they came.
        loads.sort_unstable_by_key(|load| load.id);
        match order {
            "latency" => loads.sort_by_key(|load| Reverse(load.latency)),
            "queue" => loads.sort_by_key(Load::by_queue),
            _ => loads.sort_by_key(|load| Reverse(load.traffic)),
        }
        let ids: Vec<String> = loads.iter().skip(skip).take(show).map(|load| load.id.to_string()).collect();
        Some(PageOfSessions { ids: ids.join(","), pages: loads.len().div_ceil(show), total: loads.len() })
    }

    /// Those whose players have to wait.
    fn strained(&self) -> Value {
        let mut loads = self.handler.loads(None);
        loads.retain(|load| !load.strain().is_empty());
        loads.sort_by_key(|load| (load.by_queue(), Reverse(load.latency)));
        let worst: Vec<SessionId> = loads.iter().take(WORST).map(|load| load.id).collect();
        let mut shown = self.handler.inspect(Some(&worst));
        shown.sort_by_key(|session| {
            worst.iter().position(|id| session.get("id").and_then(id_of) == Some(*id))
        });
        for session in &mut shown {
            session.retain(|name, _| ["id", "account", "address"].contains(&name.as_str()));
            let load = loads.iter().find(|load| session.get("id").and_then(id_of) == Some(load.id));
            session.insert("strain".to_owned(), json!(load.map(Load::strain)));
        }
        json!({ "count": loads.len(), "sessions": shown })
    }

    /// What the processes use, and what room there is.
    async fn add_machine(&self, told: &mut Value) {
        let server = told["portal"]["server"]["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok());
        let folder = self.data.clone();
        let read = spawn_blocking(move || {
            let pids = [("portal", Some(std::process::id())), ("server", server)];
            let used = pids.into_iter().filter_map(|(name, pid)| machine::used_by(name, pid?));
            (used.collect::<Value>(), machine::disk(&folder))
        });
        let (processes, disk) = read.await.unwrap_or_default();
        told["processes"] = processes;
        told["disk"] = disk.into();
    }

    /// The world has checked what is wanted.
    async fn log(&self, wanted: &Value) -> Reply {
        let text = |name: &str| wanted[name].as_str().unwrap_or_default().to_owned();
        let Some(folder) = &self.logs else {
            return Reply::error(409, "The game runs in the foreground: its log goes to the terminal.");
        };
        let (file, level) = (folder.join(format!("{}.log", text("process"))), text("level"));
        let most = wanted["lines"].as_u64().and_then(|lines| usize::try_from(lines).ok()).unwrap_or(0);
        let (read, search) = (file.clone(), text("search"));
        match spawn_blocking(move || log_tail::read(&read, most, &level, &search)).await {
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

/// The number of a session, as it is told.
fn id_of(told: &Value) -> Option<SessionId> {
    told.as_u64().map(SessionId)
}

/// A launcher is told in the body that all is well; a page by the status.
fn without_ok(mut done: Kwargs) -> Value {
    done.shift_remove("ok");
    done.into()
}
