//! Slow work: the world hands it out and goes on; the result comes back as a message.

pub use meadow_link::Secret;

/// Names one job while it runs: for [`World::cancel_job`](crate::World::cancel_job).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

/// Most bytes of one file of a batch.
pub const BATCH_FILE_LIMIT: u64 = 1 << 20;

/// What can be worked on off the world's thread.
///
/// ```
/// # use meadow_world::{AccountId, Job, JobResult, Secret, World};
/// /// Gives an account another password.
/// fn set_password(world: &mut World, account: AccountId, password: Secret) {
///     world.job(Job::HashPassword { password }, move |world, result| {
///         if let (JobResult::Hashed(hash), Some(account)) = (result, world.account_mut(account)) {
///             account.password = hash.into();
///         }
///     });
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// Make a PHC string of a password.
    HashPassword {
        /// The password.
        password: Secret,
    },
    /// Hold a password against a PHC string.
    VerifyPassword {
        /// The PHC string. An empty one never fits, and takes as long as one that might: so the time of
        /// the answer does not tell which accounts exist.
        hash: Box<str>,
        /// The password.
        password: Secret,
    },
    /// Read a file of the folder `batch` in the game's folder.
    ReadBatch {
        /// Its name, without folder and without `.ev`.
        name: String,
    },
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobResult {
    /// The PHC string.
    Hashed(String),
    /// What stands in the file.
    Batch(String),
    /// Whether the password fits.
    Verified(bool),
    /// The job could not be done; a sentence for the log (and, of a batch, for whoever wanted it).
    Failed(String),
}
