//! Panics on the world's thread: the process's panic hook keeps what it sees of them here, and the world, which catches
//! them, takes it for its entry in the log. So a panic is told once, with the command that it broke.

use std::{
    backtrace::Backtrace,
    cell::{Cell, RefCell},
    panic::PanicHookInfo,
};

use meadow_world::PanicReport;

thread_local! {
    /// Whether this is the thread of a world.
    static IS_WORLD: Cell<bool> = const { Cell::new(false) };
    /// What was seen of the last panic.
    static LAST: RefCell<Option<PanicReport>> = const { RefCell::new(None) };
}

/// For a panic hook: whether whoever catches this panic will tell of it, so that the hook need not.
pub fn keep(panic: &PanicHookInfo<'_>) -> bool {
    let is_world = IS_WORLD.get();
    if is_world {
        let location = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        LAST.set(Some(PanicReport { location, backtrace: Backtrace::force_capture() }));
    }
    is_world
}

/// What was kept of the panic that this thread has caught last.
pub(crate) fn take() -> Option<PanicReport> {
    LAST.take()
}

/// Runs what lends the world out, on this thread. A panic that nobody has caught is told here, and goes on.
pub(crate) fn watched<T>(run: impl FnOnce() -> T) -> T {
    let _guard = Guard;
    IS_WORLD.set(true);
    run()
}

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        IS_WORLD.set(false);
        if std::thread::panicking()
            && let Some(PanicReport { location, backtrace }) = take()
        {
            tracing::error!("the Server panicked at {location}\n{backtrace}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    /// A hook is the process's, and so is this test.
    #[test]
    fn panics_of_the_worlds_thread_are_kept_once() {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(|panic| {
            let _ = keep(panic);
        }));
        let elsewhere = catch_unwind(|| panic!("not here"));
        assert!(elsewhere.is_err() && take().is_none());
        let report = watched(|| {
            assert!(catch_unwind(|| panic!("here")).is_err());
            take()
        });
        std::panic::set_hook(before);
        assert!(report.is_some_and(|report| report.location.contains("panics.rs")));
        assert!(take().is_none());
    }
}
