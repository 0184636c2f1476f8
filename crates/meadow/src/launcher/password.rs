//! Asking for a password at the terminal without showing it. A password is never logged and never an
//! argument, where every user of the machine could read it.

use std::{
    io::{self, BufRead, IsTerminal, Read as _, Write},
    os::fd::{AsFd, BorrowedFd},
};

use anyhow::{Context as _, bail};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Longest line that is read as a password, in bytes.
const MAX_PASSWORD: usize = 1024;

/// Asks twice at the terminal.
pub(super) fn ask(name: &str) -> anyhow::Result<String> {
    if !io::stdin().is_terminal() {
        bail!("there is no terminal to ask for the password; give it with --password-stdin");
    }
    let first = ask_once(&format!("Password for {name}: "))?;
    let second = ask_once("Again, to be sure: ")?;
    if first != second {
        bail!("the two passwords differ; try again");
    }
    Ok(first)
}

/// Reads one line of standard input.
pub(super) fn read() -> anyhow::Result<String> {
    read_line(&mut io::stdin().lock())
}

fn ask_once(question: &str) -> anyhow::Result<String> {
    let stdin = io::stdin();
    let mut stderr = io::stderr();
    write!(stderr, "{question}").and_then(|()| stderr.flush()).context("cannot write to the terminal")?;
    let hidden = Hidden::new(stdin.as_fd()).context("cannot hide what is typed")?;
    let line = read_keys(&mut stdin.lock());
    drop(hidden);
    let _ = writeln!(stderr);
    checked(&line?)
}

fn read_line(input: &mut impl BufRead) -> anyhow::Result<String> {
    let mut line = Vec::new();
    let limited = &mut input.take(MAX_PASSWORD as u64 + 2);
    limited.read_until(b'\n', &mut line).context("cannot read the password")?;
    let line = line.strip_suffix(b"\n").unwrap_or(&line);
    checked(line.strip_suffix(b"\r").unwrap_or(line))
}

/// Reads a line key by key, since the terminal neither edits it nor turns Ctrl-C into a signal: one that
/// ended the program here would leave the terminal without echo.
fn read_keys(input: &mut impl BufRead) -> anyhow::Result<Vec<u8>> {
    const CTRL_C: u8 = 0x03;
    const CTRL_D: u8 = 0x04;
    const CTRL_U: u8 = 0x15;
    let mut line = Vec::new();
    for key in input.bytes() {
        match key.context("cannot read the password")? {
            b'\n' | b'\r' | CTRL_D => break,
            CTRL_C => bail!("given up"),
            CTRL_U => line.clear(),
            0x08 | 0x7f => while line.pop().is_some_and(|byte| byte & 0xC0 == 0x80) {},
            byte if line.len() <= MAX_PASSWORD => line.push(byte),
            _ => {}
        }
    }
    Ok(line)
}

fn checked(line: &[u8]) -> anyhow::Result<String> {
    match std::str::from_utf8(line) {
        Ok("") => bail!("the password is empty; give one line with it"),
        Ok(password) if password.len() <= MAX_PASSWORD => Ok(password.to_owned()),
        _ if line.len() > MAX_PASSWORD => {
            bail!("the password is longer than {MAX_PASSWORD} bytes; choose a shorter one")
        }
        _ => bail!("the password is not UTF-8; choose another one"),
    }
}

/// While this lives, the terminal shows nothing of what is typed and passes every key on.
struct Hidden<'fd> {
    terminal: BorrowedFd<'fd>,
    before: Termios,
}

impl<'fd> Hidden<'fd> {
    fn new(terminal: BorrowedFd<'fd>) -> rustix::io::Result<Hidden<'fd>> {
        let before = tcgetattr(terminal)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(terminal, OptionalActions::Flush, &quiet)?;
        Ok(Hidden { terminal, before })
    }
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_without_its_end() {
        for (given, want) in [("secret\n", "secret"), ("secret\r\nmore", "secret"), ("a b ", "a b ")] {
            assert_eq!(read_line(&mut given.as_bytes()).unwrap(), want);
        }
    }

    #[test]
    fn keys_edit_the_line() {
        let typed = |keys: &str| read_keys(&mut keys.as_bytes()).map(|line| String::from_utf8(line).unwrap());
        assert_eq!(typed("secret\nmore").unwrap(), "secret");
        assert_eq!(typed("sez\x7fcreé\x08t\r").unwrap(), "secret");
        assert_eq!(typed("\x7fwrong\x15right\x04").unwrap(), "right");
        assert!(typed("half\x03").is_err());
        assert_eq!(
            typed(&"x".repeat(2 * MAX_PASSWORD)).unwrap().len(),
            MAX_PASSWORD + 1,
            "one too many, no more"
        );
    }

    #[test]
    fn nothing_is_no_password() {
        for given in ["", "\n", "\r\nlater\n"] {
            assert!(read_line(&mut given.as_bytes()).unwrap_err().to_string().contains("empty"));
        }
    }

    #[test]
    fn the_longest_and_one_past() {
        let longest = "x".repeat(MAX_PASSWORD);
        assert_eq!(read_line(&mut format!("{longest}\r\n").as_bytes()).unwrap(), longest);
        let error = read_line(&mut format!("{longest}x\n").as_bytes()).unwrap_err().to_string();
        assert!(error.contains("longer") && !error.contains("xx"));
    }
}
