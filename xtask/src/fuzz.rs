//! `cargo xtask fuzz`: tells each fuzz target what nobody would send, for a while. People hand it work; what `ci`
//! does with the targets is to tell them the corpus, which needs no fuzzer.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// How long a target runs unless somebody says otherwise.
const DEFAULT: Duration = Duration::from_secs(60);

/// Longest input that is made up, in bytes. The corpus may hold longer ones.
const LONGEST: u32 = 8192;

/// How many lines of a target's log are shown when it has found something.
const SHOWN: usize = 60;

/// What was asked for: `[--seconds N] [TARGET..]`.
#[derive(Debug, PartialEq)]
struct Wish {
    span: Duration,
    /// None means all.
    targets: Vec<String>,
}

/// Runs the targets one after the other, and says how long each ran clean. The first that finds something is the
/// last that is run.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    let mut wish = parse(args)?;
    let known = targets(root)?;
    if let Some(unknown) = wish.targets.iter().find(|name| !known.contains(name)) {
        bail!("there is no target {unknown:?}, only {}", known.join(", "));
    }
    if wish.targets.is_empty() {
        wish.targets = known;
    }
    let installed = Command::new("cargo").args(["fuzz", "--version"]).output();
    if !installed.is_ok_and(|output| output.status.success()) {
        bail!(
            "cargo-fuzz is not installed: cargo install cargo-fuzz --locked (it needs a C++ compiler, too)"
        );
    }
    build(root)?;
    for target in &wish.targets {
        println!("{target}: {}", fuzz(root, target, wish.span)?);
    }
    Ok(())
}

/// Tells every target its corpus: what was found once is not found again.
pub(crate) fn replay(root: &Path) -> Result<()> {
    let done = Command::new("cargo")
        .args([
            "test",
            "--manifest-path",
            "fuzz/Cargo.toml",
            "--no-default-features",
            "--target-dir",
            "target/fuzz",
        ])
        .current_dir(root)
        .status()
        .context("cargo could not be started")?;
    if !done.success() {
        bail!("a fuzz target fails on its corpus");
    }
    Ok(())
}

fn parse(args: &[String]) -> Result<Wish> {
    let mut wish = Wish { span: DEFAULT, targets: Vec::new() };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--seconds" => {
                let seconds =
                    args.next().and_then(|seconds| seconds.parse().ok()).filter(|seconds| *seconds > 0);
                wish.span = Duration::from_secs(seconds.context("--seconds takes a number above 0")?);
            }
            option if option.starts_with('-') => bail!("there is no option {option}"),
            target => wish.targets.push(target.to_owned()),
        }
    }
    Ok(wish)
}

/// The names of all targets, sorted.
fn targets(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in fs::read_dir(root.join("fuzz/fuzz_targets")).context("fuzz/fuzz_targets cannot be read")? {
        let name = file?.file_name().into_string().unwrap_or_default();
        names.extend(name.strip_suffix(".rs").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// Without a sanitizer the stable compiler will do; the project has no unsafe code for one to watch.
fn cargo_fuzz(root: &Path, chore: &str) -> Command {
    let mut command = Command::new("cargo");
    command.args(["fuzz", chore, "--sanitizer", "none", "--target-dir", "target/fuzz"]).current_dir(root);
    command
}

fn build(root: &Path) -> Result<()> {
    let built = cargo_fuzz(root, "build").status().context("cargo-fuzz could not be started")?;
    if !built.success() {
        bail!("the fuzz targets could not be built");
    }
    Ok(())
}

/// Runs one target; gives what the fuzzer says at the end of it.
fn fuzz(root: &Path, target: &str, span: Duration) -> Result<String> {
    let out = root.join("target/fuzz/found").join(target);
    // What it learns stays there, and is where the next run begins; the committed corpus is only read.
    let learned = out.join("corpus");
    fs::create_dir_all(&learned)?;
    let log = out.join("log");
    let file = File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?;
    let mut command = cargo_fuzz(root, "run");
    command.arg(target).arg(&learned).arg(format!("fuzz/corpus/{target}")).arg("--");
    command.arg(format!("-max_total_time={}", span.as_secs())).arg(format!("-max_len={LONGEST}"));
    command.arg(format!("-artifact_prefix={}/", out.display())).arg("-timeout=20");
    let dictionary = format!("fuzz/dictionaries/{target}.dict");
    if root.join(&dictionary).exists() {
        command.arg(format!("-dict={dictionary}"));
    }
    let status =
        command.stdout(file.try_clone()?).stderr(file).status().context("cargo-fuzz could not be started")?;
    let log = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    if !status.success() {
        let lines: Vec<&str> = log.lines().collect();
        println!("{}", lines[lines.len().saturating_sub(SHOWN)..].join("\n"));
        bail!("{target} has found something; the input lies in {}", out.display());
    }
    Ok(log.lines().rev().find(|line| line.starts_with("Done ")).unwrap_or("done").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(args: &[&str]) -> Result<Wish> {
        parse(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_time_and_targets_can_be_asked_for() {
        assert_eq!(wish(&[]).unwrap(), Wish { span: DEFAULT, targets: Vec::new() });
        let named = wish(&["telnet", "--seconds", "5", "gmcp"]).unwrap();
        assert_eq!(
            named,
            Wish { span: Duration::from_secs(5), targets: vec!["telnet".into(), "gmcp".into()] }
        );
        for bad in [&["--seconds"][..], &["--seconds", "0"], &["--seconds", "x"], &["--forever"]] {
            assert!(wish(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn every_target_has_a_corpus() {
        let root = crate::root();
        for target in targets(&root).unwrap() {
            let files = fs::read_dir(root.join("fuzz/corpus").join(&target));
            assert!(files.is_ok_and(|files| files.count() >= 3), "{target}");
        }
    }
}
