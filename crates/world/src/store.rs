//! What the world asks of a database. The Server's `store/` implements it; the shared store tests say
//! what every implementation must do.

use meadow_link::SessionId;

/// Keeps the world. Lives on a thread of its own and is handed one [`Batch`] after the other.
pub trait Store: Send {
    /// Everything that is stored.
    ///
    /// # Errors
    /// The database can't be read, or is of a newer version than this program.
    fn load(&mut self) -> Result<Snapshot, StoreError>;

    /// Stores a batch: all of it or nothing. When this returns, the batch survives a power cut.
    ///
    /// # Errors
    /// Nothing of the batch has been stored.
    fn apply(&mut self, batch: &Batch) -> Result<(), StoreError>;
}

/// Why the database did not do what it was asked, as a sentence for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(pub String);

/// One object as it is stored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObjectRow {
    /// Number.
    pub id: u64,
    /// Name.
    pub key: String,
    /// Name of its typeclass.
    pub typeclass: String,
    /// What it is in.
    pub location: Option<u64>,
    /// Where it goes when its location is destroyed.
    pub home: Option<u64>,
    /// Where it leads.
    pub destination: Option<u64>,
    /// The account that it belongs to.
    pub account: Option<u64>,
    /// Other names, a JSON array of strings.
    pub aliases: String,
    /// Lock string.
    pub locks: String,
    /// Labels, a JSON array of `{"key", "category"}`.
    pub tags: String,
    /// Permissions, a JSON array of strings.
    pub permissions: String,
    /// When it was made, in microseconds since the Unix epoch.
    pub created: u64,
    /// What the game keeps on it, a JSON object.
    pub attributes: String,
}

/// One account as it is stored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AccountRow {
    /// Number.
    pub id: u64,
    /// Name.
    pub name: String,
    /// Password, a PHC string.
    pub password: String,
    /// Passes every lock.
    pub is_superuser: bool,
    /// Permissions, a JSON array of strings.
    pub permissions: String,
    /// Numbers of its characters, a JSON array.
    pub characters: String,
    /// The character that it played last.
    pub last_puppet: Option<u64>,
    /// When it was made, in microseconds since the Unix epoch.
    pub created: u64,
    /// When it last logged in, in microseconds since the Unix epoch.
    pub last_login: Option<u64>,
    /// What the game keeps on it, a JSON object.
    pub attributes: String,
}

/// One record as it is stored: what is kept that is neither an object nor an account, such as a channel.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecordRow {
    /// What it is: `channel`, `script` ...
    pub kind: String,
    /// Number, among those of its kind.
    pub id: u64,
    /// Name, for whoever reads the database.
    pub key: String,
    /// What it holds, a JSON object.
    pub data: String,
}

/// Everything that is stored, in any order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Snapshot {
    /// All objects.
    pub objects: Vec<ObjectRow>,
    /// All accounts.
    pub accounts: Vec<AccountRow>,
    /// All records.
    pub records: Vec<RecordRow>,
    /// The world's own values: the next free numbers, where new characters begin ...
    pub config: Vec<(String, String)>,
    /// For each session, the last of its inputs whose changes are part of what is stored.
    pub applied: Vec<(SessionId, u64)>,
}

/// Changes that belong together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// Objects as they are now.
    pub objects: Vec<ObjectRow>,
    /// Objects that are no more.
    pub deleted_objects: Vec<u64>,
    /// Accounts as they are now.
    pub accounts: Vec<AccountRow>,
    /// Accounts that are no more.
    pub deleted_accounts: Vec<u64>,
    /// Records as they are now.
    pub records: Vec<RecordRow>,
    /// Records that are no more, by kind and number.
    pub deleted_records: Vec<(String, u64)>,
    /// Values as they are now.
    pub config: Vec<(String, String)>,
    /// Inputs that are part of these changes: for each session the last.
    pub applied: Vec<(SessionId, u64)>,
    /// Sessions that will never send anything again.
    pub forgotten: Vec<SessionId>,
}

impl Batch {
    /// Whether nothing in the world changes by this. (Inputs that changed nothing need no record, and
    /// forgotten sessions can wait for the next batch.)
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
            && self.deleted_objects.is_empty()
            && self.accounts.is_empty()
            && self.deleted_accounts.is_empty()
            && self.records.is_empty()
            && self.deleted_records.is_empty()
            && self.config.is_empty()
    }

    /// How many rows it writes.
    pub fn rows(&self) -> usize {
        self.objects.len()
            + self.deleted_objects.len()
            + self.accounts.len()
            + self.deleted_accounts.len()
            + self.records.len()
            + self.deleted_records.len()
            + self.config.len()
    }
}
