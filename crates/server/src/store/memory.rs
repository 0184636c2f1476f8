//! A store that forgets everything when the process ends. Tests and throw-away worlds use it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use meadow_link::SessionId;
use meadow_world::{AccountRow, Batch, ObjectRow, RecordRow, Snapshot, Store, StoreError};

/// Keeps a world in memory. Clones share what is kept, so a test can "restart" a Server on the database
/// that the one before it left behind.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    objects: BTreeMap<u64, ObjectRow>,
    accounts: BTreeMap<u64, AccountRow>,
    records: BTreeMap<(String, u64), RecordRow>,
    config: BTreeMap<String, String>,
    applied: BTreeMap<SessionId, u64>,
    refusal: Option<String>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    /// From now on every batch fails with this sentence: what a Server does about a broken disk can be
    /// tested without breaking one.
    pub fn refuse(&self, reason: impl Into<String>) {
        self.kept().refusal = Some(reason.into());
    }

    /// A batch is only ever moved in whole, so a panic elsewhere cannot have left half of one here.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn load(&mut self) -> Result<Snapshot, StoreError> {
        let kept = self.kept();
        Ok(Snapshot {
            objects: kept.objects.values().cloned().collect(),
            accounts: kept.accounts.values().cloned().collect(),
            records: kept.records.values().cloned().collect(),
            config: kept.config.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            applied: kept.applied.iter().map(|(&session, &input)| (session, input)).collect(),
        })
    }

    fn apply(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let mut kept = self.kept();
        if let Some(reason) = &kept.refusal {
            return Err(StoreError(reason.clone()));
        }
        kept.objects.extend(batch.objects.iter().map(|row| (row.id, row.clone())));
        kept.accounts.extend(batch.accounts.iter().map(|row| (row.id, row.clone())));
        kept.records.extend(batch.records.iter().map(|row| ((row.kind.clone(), row.id), row.clone())));
        kept.config.extend(batch.config.iter().cloned());
        kept.applied.extend(batch.applied.iter().copied());
        for id in &batch.deleted_objects {
            kept.objects.remove(id);
        }
        for id in &batch.deleted_accounts {
            kept.accounts.remove(id);
        }
        for key in &batch.deleted_records {
            kept.records.remove(key);
        }
        for session in &batch.forgotten {
            kept.applied.remove(session);
        }
        Ok(())
    }
}
