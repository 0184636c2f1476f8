//! The colours of `website/theme.css`, measured: whatever is read stands out from what it lies on (WCAG 2.2, 1.4.3 and
//! 1.4.11), in dark and in light, and more so in high contrast.

use std::collections::BTreeMap;

const THEME: &str = include_str!("../../../website/theme.css");

/// What texts lie on.
const BACKS: [&str; 3] = ["back", "panel", "hover"];

/// Light and dark.
type Colours = BTreeMap<&'static str, [&'static str; 2]>;

/// The sets of colours: the usual one, and high contrast by the system's wish and by the player's.
fn sets() -> Vec<Colours> {
    let mut sets: Vec<Colours> = vec![Colours::new()];
    for line in THEME.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|line| line.split_once(": "))
        else {
            continue;
        };
        let Some(pair) = value.strip_prefix("light-dark(#").and_then(|value| value.strip_suffix(");")) else {
            continue;
        };
        let (light, dark) = pair.split_once(", #").expect("two colours");
        if name == "back" && !sets.last().expect("one").is_empty() {
            sets.push(Colours::new());
        }
        sets.last_mut().expect("one").insert(name, [light, dark]);
    }
    sets
}

/// Relative luminance (WCAG 2.2, glossary).
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("a colour")) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn browsers_without_light_dark_have_the_same_colours() {
    let mut found = Colours::new();
    for line in THEME.lines() {
        let pair = line.trim().strip_prefix("--").and_then(|line| line.split_once(": var(--light, #"));
        let Some((name, pair)) = pair else { continue };
        let (light, dark) = pair.split_once(") var(--dark, #").expect("two colours");
        found.insert(name, [light, dark.strip_suffix(");").expect("an end")]);
    }
    assert_eq!(found, sets()[0]);
}

#[test]
fn everything_stands_out() {
    let sets = sets();
    assert_eq!(sets.len(), 3);
    for (at, set) in sets.iter().enumerate() {
        let least = if at == 0 { 4.5 } else { 7.0 };
        let texts =
            ["text", "dim", "accent", "danger", "warn"].map(|text| BACKS.map(|back| (text, back, least)));
        let marks = ["edge", "focus"].map(|mark| BACKS.map(|back| (mark, back, 3.0)));
        let buttons = [("accent-ink", "accent", least), ("danger-ink", "danger", least)];
        for (front, back, least) in texts.into_iter().chain(marks).flatten().chain(buttons) {
            for (scheme, (front_colour, back_colour)) in set[front].iter().zip(set[back]).enumerate() {
                let found = contrast(front_colour, back_colour);
                assert!(found >= least, "--{front} on --{back}, set {at}, scheme {scheme}: {found:.2}");
            }
        }
    }
    assert_eq!(sets[1], sets[2], "high contrast is one, whoever wants it");
}
