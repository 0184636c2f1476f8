//! What the game's processes use of the machine, for staff. Linux tells it in `/proc`; where there is no such thing, nothing
//! is told.

use std::{fs, path::Path};

use serde_json::{Value, json};

/// Clock ticks in a second, as `/proc` counts them: Linux has it so on everything that a game may run on
/// (`USER_HZ`, proc_pid_stat(5)).
const TICKS: f64 = 100.0;

/// What a process uses: `{process, pid, memory, cpu}`, in bytes and in seconds of processor time since it began. None
/// if the system does not tell.
pub(super) fn used_by(process: &str, pid: u32) -> Option<Value> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(json!({ "process": process, "pid": pid, "memory": memory(&status)?, "cpu": cpu(&stat)? }))
}

/// Room on the disk that a folder is on: `{free, total}` in bytes, as far as it is for this user.
pub(super) fn disk(folder: &Path) -> Option<Value> {
    let told = rustix::fs::statvfs(folder).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(told.f_frsize);
    Some(json!({ "free": bytes(told.f_bavail), "total": bytes(told.f_blocks) }))
}

/// `VmRSS:      9876 kB`, in bytes.
fn memory(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// The times of user and system, which are fields 14 and 15; the second is a name that may hold anything.
fn cpu(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11).map(str::parse::<u64>);
    let (user, system) = (fields.next()?.ok()?, fields.next()?.ok()?);
    Some((user + system) as f64 / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_writes_is_read() {
        assert_eq!(memory("Name:\tmeadow\nVmRSS:\t    9876 kB\nThreads:\t3\n"), Some(9876 * 1024));
        assert_eq!(memory("Name:\tmeadow\n"), None);
        let stat = "12 (a ) name) S 1 12 12 0 -1 4194560 4003 0 0 0 150 75 0 0 20 0 3 0 8 9 2469 1 0";
        assert_eq!(cpu(stat), Some(2.25));
        assert_eq!(cpu("12 (a"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_uses_something() {
        let used = used_by("portal", std::process::id()).expect("it is told");
        assert!(used["memory"].as_u64() > Some(100_000), "{used}");
        let room = disk(Path::new("/")).expect("it is told");
        assert!(room["total"].as_u64() >= room["free"].as_u64(), "{room}");
        assert_eq!(used_by("none", u32::MAX), None);
    }
}
