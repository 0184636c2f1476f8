//! The log of a process: to the terminal when the game runs in the foreground, to files when it does not.
//! The launcher starts it, once, before anything else that may have something to say.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::Mutex,
};

use tracing::{Event, Subscriber};
use tracing_subscriber::{
    EnvFilter,
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::{Format, Writer},
    },
    registry::LookupSpan,
};

use crate::config::{Color, LogSection};

/// A log file that would grow past this many bytes is put aside.
pub const MAX_LOG_BYTES: u64 = 10 * 1024 * 1024;

/// How many log files that were put aside are kept.
pub const KEPT_LOGS: usize = 5;

/// Where log lines go.
#[derive(Debug, Clone)]
pub enum LogTarget {
    /// Standard error; both processes write there, so each line names its process.
    Terminal,
    /// This file.
    File(PathBuf),
}

/// Starts the log of this process, which is called `process` in each line. Panics are logged as well.
///
/// # Errors
/// When the file cannot be opened.
pub fn start(process: &'static str, settings: &LogSection, target: &LogTarget) -> io::Result<()> {
    let filter = EnvFilter::new(&settings.level);
    let line = ProcessLine { process, inner: Format::default() };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).log_internal_errors(false);
    match target {
        LogTarget::Terminal => {
            builder
                .with_ansi(use_color(settings.color, io::stderr().is_terminal()))
                .event_format(line)
                .with_writer(io::stderr)
                .init();
        }
        LogTarget::File(path) => {
            let file = Mutex::new(LogFile::open(path, MAX_LOG_BYTES)?);
            builder.with_ansi(false).event_format(line).with_writer(file).init();
        }
    }
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// Puts a log file aside that has grown past [`MAX_LOG_BYTES`]; a [log](start) does it by itself as it grows.
pub fn put_aside_if_long(path: &Path) {
    // One that cannot be opened is told when it is written.
    let _ = LogFile::open(path, MAX_LOG_BYTES);
}

/// Whether to colour, on something that is a terminal or not (<https://no-color.org>).
pub fn use_color(setting: Color, is_terminal: bool) -> bool {
    match setting {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}

/// Writes a panic to the log, where an operator looks, instead of to standard error, which is nowhere
/// when the game runs in the background. One on the world's thread is told by the world, which knows the command.
fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    if meadow_server::panics::keep(panic) {
        return;
    }
    let backtrace = std::backtrace::Backtrace::capture();
    match backtrace.status() {
        std::backtrace::BacktraceStatus::Captured => tracing::error!("{panic}\n{backtrace}"),
        _ => tracing::error!("{panic}"),
    }
}

/// A log line with the name of the process before it.
struct ProcessLine {
    process: &'static str,
    inner: Format,
}

impl<S, N> FormatEvent<S, N> for ProcessLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        write!(writer, "{:<6} ", self.process)?;
        self.inner.format_event(context, writer, event)
    }
}

/// A log file that is put aside when it has grown enough: `x.log` becomes `x.log.1`, that `x.log.2` ...
struct LogFile {
    path: PathBuf,
    file: File,
    written: u64,
    limit: u64,
}

impl LogFile {
    fn open(path: &Path, limit: u64) -> io::Result<LogFile> {
        let (file, written) = append(path)?;
        let mut log = LogFile { path: path.to_owned(), file, written, limit };
        if log.written > log.limit {
            log.rotate();
        }
        Ok(log)
    }

    /// What fails here is passed over: a log that is too long is better than a game that stops.
    fn rotate(&mut self) {
        for age in (1..KEPT_LOGS).rev() {
            let _ = fs::rename(aged(&self.path, age), aged(&self.path, age + 1));
        }
        let _ = fs::rename(&self.path, aged(&self.path, 1));
        if let Ok((file, written)) = append(&self.path) {
            (self.file, self.written) = (file, written);
        }
    }
}

impl Write for LogFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.written > 0 && self.written + bytes.len() as u64 > self.limit {
            self.rotate();
        }
        let count = self.file.write(bytes)?;
        self.written += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn append(path: &Path) -> io::Result<(File, u64)> {
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    let written = file.metadata()?.len();
    Ok((file, written))
}

fn aged(path: &Path, age: usize) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{age}"));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_at_its_limit_stays_and_one_past_is_put_aside() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("server.log");
        let mut log = LogFile::open(&path, 10).unwrap();
        log.write_all(b"12345\n").unwrap();
        log.write_all(b"789\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"12345\n789\n");
        log.write_all(b"x\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"x\n");
        assert_eq!(fs::read(aged(&path, 1)).unwrap(), b"12345\n789\n");
    }

    #[test]
    fn only_the_newest_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("server.log");
        let mut log = LogFile::open(&path, 1).unwrap();
        for n in 0..9 {
            log.write_all(format!("{n}\n").as_bytes()).unwrap();
        }
        assert_eq!(fs::read(&path).unwrap(), b"8\n");
        assert_eq!(fs::read(aged(&path, 1)).unwrap(), b"7\n");
        assert_eq!(fs::read(aged(&path, KEPT_LOGS)).unwrap(), b"3\n");
        assert!(!aged(&path, KEPT_LOGS + 1).exists());
    }

    #[test]
    fn a_long_file_is_put_aside_when_it_is_opened() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("portal.log");
        fs::write(&path, b"12345678901").unwrap();
        LogFile::open(&path, 11).unwrap();
        assert!(!aged(&path, 1).exists());
        LogFile::open(&path, 10).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), 0);
        assert_eq!(fs::read(aged(&path, 1)).unwrap(), b"12345678901");
    }

    #[test]
    fn colour_follows_the_setting() {
        assert!(use_color(Color::Always, false));
        assert!(!use_color(Color::Never, true));
        assert!(!use_color(Color::Auto, false));
    }
}
