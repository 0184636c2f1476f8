//! The colours of `website/theme.css`, measured: whatever is read stands out from what it lies on (WCAG 2.2, 1.4.3 and
//! 1.4.11), in dark and in light, and more so in high contrast.

use std::collections::BTreeMap;

const THEME: &str = include_str!("../../../website/theme.css");

/// What texts lie on.
const BACKS: [&str; 3] = ["back", "panel", "hover"];

/// Light and dark.
type Colours = BTreeMap<&'static str, [&'static str; 2]>;

/// The sets of colours: the usual one, and that of high contrast.
fn sets() -> [Colours; 2] {
    let mut sets = [Colours::new(), Colours::new()];
    for line in THEME.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|line| line.split_once(": "))
        else {
            continue;
        };
        let Some(values) = value.strip_prefix("var(--usual, var(--light, #") else { continue };
        let (usual, high) = values.split_once(")) var(--high, var(--light, #").expect("two values");
        for (set, pair) in sets.iter_mut().zip([usual, high.strip_suffix("));").expect("an end")]) {
            let (light, dark) = pair.split_once(") var(--dark, #").expect("two colours");
            set.insert(name, [light, dark]);
        }
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
fn everything_stands_out() {
    for (at, set) in sets().iter().enumerate() {
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
}

/// Which of the two counts is said once by the system's wish, and once by the player's.
#[test]
fn high_contrast_is_one_whoever_wants_it() {
    let switch = ":root[data-theme^=\"contrast\"] { --usual: ; --high: initial; }";
    assert!(THEME.contains(switch));
    assert!(THEME.contains("@media (prefers-contrast: more) {\n  :root { --usual: ; --high: initial; }"));
    assert_eq!(THEME.matches("--back:").count(), 1);
}

#[test]
fn dark_is_one_whoever_wants_it() {
    for (theme, switch) in [("dark", "--light: ; --dark: initial;"), ("light", "--light: initial; --dark: ;")]
    {
        assert!(THEME.contains(&format!("color-scheme: {theme}; {switch}")), "{theme}");
    }
    assert!(THEME.contains("@media (prefers-color-scheme: dark) {\n  :root { --light: ; --dark: initial; }"));
    assert!(!THEME.contains("light-dark(#"), "browsers of before May 2024 do not know it");
}
