//! Slow work, done off the world's thread by a few threads of its own. The Server hands over the jobs that
//! the world asks for, and brings the results back to it as messages.

use std::{
    collections::VecDeque,
    hint::black_box,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, phc::PasswordHash},
};
use meadow_world::{Job, JobId, JobResult, Secret};

use crate::batches;

/// How many jobs may wait. At 30 ms each, the last of them has its turn after a few seconds; whoever comes
/// later is refused at once rather than kept waiting.
pub const WAITING_JOBS: usize = 256;

/// Most memory that a stored hash may ask for, in KiB. A larger figure in the database is a mistake or an
/// attack, and would take the memory from the game.
pub const HASH_MEMORY_LIMIT: u32 = 256 << 10;

/// Threads that do jobs. Every job that is submitted gets one result, unless the pool is dropped before:
/// then the jobs that have not been begun are dropped with it.
#[derive(Debug)]
pub struct JobPool {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl JobPool {
    /// A pool with a thread for every two processors, so that logins never take all of the machine from the
    /// game. Each hash needs 19 MiB while it runs. `done` is called on one of the threads, or inside
    /// [`JobPool::submit`] if that refuses, and must not block. `batches` is the folder of batches.
    ///
    /// # Errors
    /// The system gives no more threads.
    pub fn new(
        batches: PathBuf,
        done: impl Fn(JobId, JobResult) + Send + Sync + 'static,
    ) -> std::io::Result<JobPool> {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let work = move |job| match job {
            Job::ReadBatch { name } => batches::read(&batches, &name),
            job => run(job, HashCost::Full),
        };
        JobPool::with((processors / 2).max(1), work, done)
    }

    fn with(
        threads: usize,
        work: impl Fn(Job) -> JobResult + Send + Sync + 'static,
        done: impl Fn(JobId, JobResult) + Send + Sync + 'static,
    ) -> std::io::Result<JobPool> {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            changed: Condvar::new(),
            work: Box::new(work),
            done: Box::new(done),
        });
        // Made first, so that the threads that did start end if a later one does not.
        let mut pool = JobPool { shared, threads: Vec::with_capacity(threads) };
        for number in 0..threads {
            let shared = Arc::clone(&pool.shared);
            let thread =
                thread::Builder::new().name(format!("job-{number}")).spawn(move || shared.serve())?;
            pool.threads.push(thread);
        }
        Ok(pool)
    }

    /// Has a job done. It fails at once if [`WAITING_JOBS`] are waiting already.
    pub fn submit(&self, id: JobId, job: Job) {
        let mut queue = self.shared.queue();
        if queue.waiting.len() < WAITING_JOBS {
            queue.waiting.push_back((id, job));
            drop(queue);
            self.shared.changed.notify_one();
        } else {
            drop(queue);
            let reason = format!("{WAITING_JOBS} jobs are waiting already; this one was not begun");
            (self.shared.done)(id, JobResult::Failed(reason));
        }
    }
}

impl Drop for JobPool {
    fn drop(&mut self) {
        let mut queue = self.shared.queue();
        queue.waiting.clear();
        queue.closed = true;
        drop(queue);
        self.shared.changed.notify_all();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the job pool panicked");
            }
        }
    }
}

/// How much work it is to hash a password, and so to guess it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashCost {
    /// Argon2id with 19 MiB, two passes, one lane: what OWASP's Password Storage Cheat Sheet asks for.
    Full,
    /// Argon2id with the least of everything. Protects nothing: for tests and load generators.
    Cheap,
}

impl HashCost {
    fn argon2(self) -> Argon2<'static> {
        let (memory_kib, passes, lanes) = match self {
            HashCost::Full => (19_456, 2, 1),
            HashCost::Cheap => (Params::MIN_M_COST, Params::MIN_T_COST, 1),
        };
        let params = Params::new(memory_kib, passes, lanes, None).expect("within Argon2's limits");
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }
}

/// Does a job here and now. The pool's threads call this; a game's tests do so directly, with
/// [`HashCost::Cheap`]. There is no folder of batches here: none of them is found.
pub fn run(job: Job, cost: HashCost) -> JobResult {
    match job {
        Job::HashPassword { password } => {
            hash_at(cost, &password.0).map_or_else(JobResult::Failed, JobResult::Hashed)
        }
        Job::VerifyPassword { hash, password } if hash.is_empty() => {
            drop(black_box(decoy(cost, &password)));
            JobResult::Verified(false)
        }
        Job::VerifyPassword { hash, password } => match verify(&hash, &password) {
            Ok(()) => JobResult::Verified(true),
            Err(Unverified::Password) => JobResult::Verified(false),
            Err(Unverified::Hash(reason)) => {
                JobResult::Failed(format!("a stored password cannot be used: {reason}"))
            }
        },
        Job::ReadBatch { name } => JobResult::Failed(format!("there is no batch {name}")),
    }
}

/// A PHC string of a password, with a new salt and [`HashCost::Full`]. Takes some 30 ms.
///
/// # Errors
/// A sentence for the log: the system has no random numbers, or not the memory.
pub fn hash(password: &str) -> Result<String, String> {
    hash_at(HashCost::Full, password)
}

/// The same with [`HashCost::Cheap`]. It marks itself (`m=8,t=1,p=1`), and verifies like any other.
///
/// # Errors
/// As for [`hash`].
pub fn cheap_hash(password: &str) -> Result<String, String> {
    hash_at(HashCost::Cheap, password)
}

fn hash_at(cost: HashCost, password: &str) -> Result<String, String> {
    let hash = cost.argon2().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| format!("a password could not be hashed: {error}"))
}

/// As much work as for an account that exists, so that the time of the answer does not tell which do.
fn decoy(cost: HashCost, password: &Secret) -> password_hash::Result<PasswordHash> {
    cost.argon2().hash_password_with_salt(password.0.as_bytes(), &[0; argon2::RECOMMENDED_SALT_LEN])
}

enum Unverified {
    Password,
    Hash(String),
}

/// The costs are those of the stored hash, not today's: older hashes go on working.
fn verify(hash: &str, password: &Secret) -> Result<(), Unverified> {
    let unusable = |error: &dyn std::fmt::Display| Unverified::Hash(error.to_string());
    let hash = PasswordHash::new(hash).map_err(|error| unusable(&error))?;
    let params = Params::try_from(&hash).map_err(|error| unusable(&error))?;
    if params.m_cost() > HASH_MEMORY_LIMIT {
        return Err(Unverified::Hash(format!(
            "it asks for {} KiB of memory, and {HASH_MEMORY_LIMIT} are allowed",
            params.m_cost()
        )));
    }
    if hash.salt.is_none() || hash.hash.is_none() {
        return Err(Unverified::Hash("it has no salt or no hash".into()));
    }
    Argon2::default().verify_password(password.0.as_bytes(), &hash).map_err(|error| match error {
        password_hash::Error::PasswordInvalid => Unverified::Password,
        error => unusable(&error),
    })
}

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    work: Box<dyn Fn(Job) -> JobResult + Send + Sync>,
    done: Box<dyn Fn(JobId, JobResult) + Send + Sync>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(JobId, Job)>,
    closed: bool,
}

impl Shared {
    fn serve(&self) {
        while let Some((id, job)) = self.next() {
            // Whoever asked waits for an answer, so even a bug must end in one.
            let result = catch_unwind(AssertUnwindSafe(|| (self.work)(job)))
                .unwrap_or_else(|_| JobResult::Failed("the job panicked".into()));
            (self.done)(id, result);
        }
    }

    /// The next job, when there is one; nothing once the pool is closed.
    fn next(&self) -> Option<(JobId, Job)> {
        let idle = |queue: &mut Queue| queue.waiting.is_empty() && !queue.closed;
        let waited = self.changed.wait_while(self.queue(), idle);
        waited.unwrap_or_else(PoisonError::into_inner).waiting.pop_front()
    }

    /// No code that could panic runs while this is held.
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("waiting", &self.queue().waiting.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::mpsc::{Receiver, Sender, channel},
        time::{Duration, Instant},
    };

    use super::*;

    fn hash_job(password: &str) -> Job {
        Job::HashPassword { password: Secret(password.into()) }
    }

    fn verify_job(hash: &str, password: &str) -> Job {
        Job::VerifyPassword { hash: hash.into(), password: Secret(password.into()) }
    }

    fn hashed(result: JobResult) -> String {
        match result {
            JobResult::Hashed(hash) => hash,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_hash_fits_its_password_and_no_other() {
        let hash = hashed(run(hash_job("rosebud ☂"), HashCost::Full));
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(run(verify_job(&hash, "rosebud ☂"), HashCost::Full), JobResult::Verified(true));
        assert_eq!(run(verify_job(&hash, "rosebud"), HashCost::Full), JobResult::Verified(false));
        assert_eq!(run(verify_job(&hash, ""), HashCost::Full), JobResult::Verified(false));
    }

    #[test]
    fn two_hashes_of_one_password_differ() {
        assert_ne!(cheap_hash("rosebud").unwrap(), cheap_hash("rosebud").unwrap());
    }

    /// The reference implementation's own test vector: `argon2id`, 65536 KiB, 2 passes.
    #[test]
    fn hashes_of_the_reference_implementation_verify() {
        let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert_eq!(run(verify_job(hash, "password"), HashCost::Full), JobResult::Verified(true));
        assert_eq!(run(verify_job(hash, "differentpassword"), HashCost::Full), JobResult::Verified(false));
    }

    #[test]
    fn cheap_hashes_mark_themselves_and_are_cheap() {
        let hash = cheap_hash("rosebud").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        let fastest = (0..20).map(|_| {
            let begun = Instant::now();
            assert_eq!(run(verify_job(&hash, "rosebud"), HashCost::Full), JobResult::Verified(true));
            begun.elapsed()
        });
        assert!(fastest.min().unwrap() < Duration::from_millis(1));
        assert_eq!(run(verify_job(&hash, "rose"), HashCost::Full), JobResult::Verified(false));
    }

    #[test]
    fn an_account_that_does_not_exist_is_as_much_work_as_one_that_does() {
        for cost in [HashCost::Full, HashCost::Cheap] {
            let stored = hash_at(cost, "rosebud").unwrap();
            let (stored, decoy) =
                (PasswordHash::new(&stored).unwrap(), decoy(cost, &Secret("wrong".into())).unwrap());
            assert_eq!(decoy.algorithm, stored.algorithm);
            assert_eq!(decoy.version, stored.version);
            assert_eq!(decoy.params, stored.params);
            assert_eq!(decoy.salt.unwrap().len(), stored.salt.unwrap().len());
            assert_eq!(decoy.hash.unwrap().len(), stored.hash.unwrap().len());
        }
    }

    /// That it is the same work is tested above; the clock, which other tests disturb, only has to show that
    /// it is done: without it, the answer comes a thousand times sooner.
    #[test]
    fn an_account_that_does_not_exist_takes_its_time() {
        let stored = hash("rosebud").unwrap();
        let time = |hash: &str| {
            let begun = Instant::now();
            assert_eq!(run(verify_job(hash, "wrong"), HashCost::Full), JobResult::Verified(false));
            begun.elapsed()
        };
        let times: Vec<_> = (0..5).map(|_| (time(&stored), time(""))).collect();
        let exists = times.iter().map(|(exists, _)| *exists).min().unwrap();
        let missing = times.iter().map(|(_, missing)| *missing).min().unwrap();
        assert!(missing > exists / 10, "{missing:?}, and {exists:?} for one that exists");
    }

    #[test]
    fn what_is_no_usable_hash_fails_and_says_why() {
        let failed = |hash: &str| match run(verify_job(hash, "rosebud"), HashCost::Full) {
            JobResult::Failed(reason) => reason,
            other => panic!("{hash}: {other:?}"),
        };
        for hash in [
            "rosebud",
            "$argon2id",
            "$argon2id$v=19$m=8,t=1,p=1",
            "$argon2id$v=19$m=1,t=0,p=9$AAAAAAAAAAA$AAAA",
        ] {
            assert!(failed(hash).starts_with("a stored password cannot be used: "));
        }
        let pbkdf2 = cheap_hash("rosebud").unwrap().replace("argon2id", "pbkdf2");
        assert!(failed(&pbkdf2).starts_with("a stored password cannot be used: "));
    }

    #[test]
    fn a_hash_may_use_the_limit_of_memory_and_no_more() {
        let with = |memory: u32| {
            let hash = cheap_hash("rosebud").unwrap().replace("m=8", &format!("m={memory}"));
            run(verify_job(&hash, "rosebud"), HashCost::Full)
        };
        assert_eq!(with(HASH_MEMORY_LIMIT), JobResult::Verified(false));
        let JobResult::Failed(reason) = with(HASH_MEMORY_LIMIT + 1) else { panic!("it was computed") };
        assert!(reason.contains("262145 KiB"), "{reason}");
    }

    #[test]
    fn every_job_gets_its_own_answer() {
        let (done, results) = channel();
        let pool = JobPool::new(PathBuf::new(), move |id, result| done.send((id, result)).unwrap()).unwrap();
        let hash = cheap_hash("password 7").unwrap();
        for number in 0..50 {
            pool.submit(JobId(number), verify_job(&hash, &format!("password {number}")));
        }
        let mut results: Vec<_> = results.iter().take(50).collect();
        results.sort_by_key(|(id, _)| *id);
        for (number, (id, result)) in (0..).zip(results) {
            assert_eq!((id, result), (JobId(number), JobResult::Verified(number == 7)));
        }
    }

    /// A pool of one thread whose work goes on when it is told to.
    struct SlowPool {
        pool: JobPool,
        go: Sender<()>,
        begun: Receiver<()>,
        results: Receiver<(JobId, JobResult)>,
    }

    fn slow_pool() -> SlowPool {
        let ((go, may_go), (begin, begun), (done, results)) = (channel::<()>(), channel(), channel());
        let may_go = Mutex::new(may_go);
        let work = move |_| {
            begin.send(()).unwrap();
            // An error means that the test no longer holds it back.
            let _ = may_go.lock().unwrap().recv();
            JobResult::Verified(true)
        };
        let pool = JobPool::with(1, work, move |id, result| done.send((id, result)).unwrap()).unwrap();
        SlowPool { pool, go, begun, results }
    }

    #[test]
    fn one_job_past_the_limit_is_refused() {
        let SlowPool { pool, go, begun, results } = slow_pool();
        pool.submit(JobId(0), hash_job("being worked on"));
        begun.recv().unwrap();
        for number in 1..=WAITING_JOBS as u64 {
            pool.submit(JobId(number), hash_job("waits"));
        }
        assert!(results.try_recv().is_err(), "at the limit nothing is refused");
        pool.submit(JobId(9999), hash_job("too many"));
        let (id, result) = results.recv_timeout(Duration::from_secs(20)).unwrap();
        let JobResult::Failed(reason) = result else { panic!("it was done") };
        assert_eq!(id, JobId(9999));
        assert!(reason.contains("256 jobs are waiting already"), "{reason}");
        drop(go);
        let done: Vec<_> = results.iter().take(WAITING_JOBS + 1).map(|(id, _)| id.0).collect();
        assert_eq!(done, (0..=WAITING_JOBS as u64).collect::<Vec<_>>(), "in order");
    }

    #[test]
    fn dropping_the_pool_does_not_wait_for_what_was_not_begun() {
        let SlowPool { pool, go, begun, results } = slow_pool();
        for number in 0..10 {
            pool.submit(JobId(number), hash_job("x"));
        }
        begun.recv().unwrap();
        let drops = thread::spawn(move || drop(pool));
        while !drops.is_finished() {
            // More than one may be begun if the drop is slow to start; all ten never are without being let.
            let _ = go.send(());
            thread::sleep(Duration::from_millis(20));
        }
        drops.join().unwrap();
        assert!(results.iter().count() < 10);
    }

    #[test]
    fn a_job_that_panics_is_answered_and_the_next_one_done() {
        let (done, results) = channel();
        let work = |job| match job {
            Job::HashPassword { .. } => panic!("a bug"),
            _ => JobResult::Verified(true),
        };
        let pool = JobPool::with(1, work, move |id, result| done.send((id, result)).unwrap()).unwrap();
        pool.submit(JobId(1), hash_job("x"));
        pool.submit(JobId(2), verify_job("x", "x"));
        let next = || results.recv_timeout(Duration::from_secs(20)).unwrap();
        assert_eq!(next(), (JobId(1), JobResult::Failed("the job panicked".into())));
        assert_eq!(next(), (JobId(2), JobResult::Verified(true)));
    }
}
