//! Numbers that are written in a sentence, and what may be done with them. It evaluates no code: there are no names, no
//! calls and no loops.

/// A number: whole, as long as it can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Whole(i64),
    Real(f64),
}

/// Two numbers that something is done with.
pub(super) struct Pair(pub(super) Number, pub(super) Number);

/// Longest expression, in bytes.
const MAX_LENGTH: usize = 200;
/// How deep parentheses and signs may stand in each other.
const MAX_DEPTH: usize = 30;

impl Number {
    pub(super) fn read(text: &str) -> Option<Number> {
        let text = text.trim();
        match text.parse() {
            Ok(whole) => Some(Number::Whole(whole)),
            // Not "inf", and not "NaN".
            Err(_) if text.contains(|c: char| c.is_alphabetic() && c != 'e') => None,
            Err(_) => Number::real(text.parse().ok()?),
        }
    }

    /// A number that is one, and whole if it has no fraction.
    fn real(real: f64) -> Option<Number> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match real.is_finite() {
            true if real.fract() == 0.0 && real.abs() < EXACT => Some(Number::Whole(real as i64)),
            true => Some(Number::Real(real)),
            false => None,
        }
    }

    fn as_real(self) -> f64 {
        match self {
            Number::Whole(whole) => whole as f64,
            Number::Real(real) => real,
        }
    }

    /// Without its fraction.
    pub(super) fn whole(self) -> Option<i64> {
        match self {
            Number::Whole(whole) => Some(whole),
            Number::Real(real) => (real.abs() < 9e18).then_some(real.trunc() as i64),
        }
    }

    /// With so many digits behind the point at most.
    pub(super) fn rounded(self, digits: u8) -> Option<String> {
        let shown = format!("{:.*}", usize::from(digits.min(15)), self.as_real());
        match self {
            Number::Whole(whole) => Some(whole.to_string()),
            Number::Real(_) => Number::read(&shown).map(|number| number.to_string()),
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Number::Whole(whole) => write!(out, "{whole}"),
            Number::Real(real) => write!(out, "{real}"),
        }
    }
}

impl Pair {
    /// What an operator makes of them; none for a division by zero and for what is too great. `i` is the division
    /// that leaves a rest, `p` the power.
    fn result(&self, operator: char) -> Option<Number> {
        let (Pair(one, other), real) = (self, |real: f64| Number::real(real));
        let whole = match (operator, *one, *other) {
            ('+', Number::Whole(a), Number::Whole(b)) => a.checked_add(b),
            ('-', Number::Whole(a), Number::Whole(b)) => a.checked_sub(b),
            ('*', Number::Whole(a), Number::Whole(b)) => a.checked_mul(b),
            ('/', Number::Whole(a), Number::Whole(b)) if a.checked_rem(b) == Some(0) => a.checked_div(b),
            ('p', Number::Whole(a), Number::Whole(b @ 0..)) => a.checked_pow(u32::try_from(b).ok()?),
            _ => None,
        };
        if let Some(whole) = whole {
            return Some(Number::Whole(whole));
        }
        let (a, b) = (one.as_real(), other.as_real());
        match operator {
            '+' => real(a + b),
            '-' => real(a - b),
            '*' => real(a * b),
            '/' => real(a / b),
            'i' => real((a / b).floor()),
            // As Python's: it has the sign of what is divided by.
            '%' => real(a - b * (a / b).floor()),
            _ => real(a.powf(b)),
        }
    }

    pub(super) fn compute(&self, operator: char) -> Option<String> {
        self.result(operator).map(|number| number.to_string())
    }
}

/// The value of an expression of numbers, `+ - * / // % **` and parentheses.
pub(super) fn eval(expression: &str) -> Option<String> {
    if expression.len() > MAX_LENGTH {
        return None;
    }
    let mut reader = Reader { rest: expression, depth: 0 };
    let value = reader.sum()?;
    reader.skip_spaces();
    reader.rest.is_empty().then(|| value.to_string())
}

struct Reader<'e> {
    rest: &'e str,
    depth: usize,
}

impl Reader<'_> {
    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes one of these signs off; the longer ones stand first.
    fn sign(&mut self, signs: &[(&str, char)]) -> Option<char> {
        self.skip_spaces();
        let (sign, operator) = signs.iter().find(|(sign, _)| self.rest.starts_with(sign))?;
        self.rest = &self.rest[sign.len()..];
        Some(*operator)
    }

    fn sum(&mut self) -> Option<Number> {
        let mut value = self.product()?;
        while let Some(operator) = self.sign(&[("+", '+'), ("-", '-')]) {
            value = Pair(value, self.product()?).result(operator)?;
        }
        Some(value)
    }

    fn product(&mut self) -> Option<Number> {
        let mut value = self.signed()?;
        // A power was taken off before: what is left of stars is a product.
        while let Some(operator) = self.sign(&[("//", 'i'), ("*", '*'), ("/", '/'), ("%", '%')]) {
            value = Pair(value, self.signed()?).result(operator)?;
        }
        Some(value)
    }

    /// A sign binds less than a power: -2 ** 2 is -4.
    fn signed(&mut self) -> Option<Number> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let value = match self.sign(&[("+", '+'), ("-", '-')]) {
            Some(operator) => Pair(Number::Whole(0), self.signed()?).result(operator)?,
            None => {
                let base = self.operand()?;
                match self.sign(&[("**", 'p')]) {
                    Some(operator) => Pair(base, self.signed()?).result(operator)?,
                    None => base,
                }
            }
        };
        self.depth -= 1;
        Some(value)
    }

    fn operand(&mut self) -> Option<Number> {
        if self.sign(&[("(", '(')]).is_some() {
            let value = self.sum()?;
            return self.sign(&[(")", ')')]).map(|_| value);
        }
        let end = self.rest.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        Number::read(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_of_numbers_have_a_value() {
        for (expression, value) in [
            ("1 + 2 * 3", "7"),
            ("(1+2)*3", "9"),
            ("7/2", "3.5"),
            ("6/3", "2"),
            ("7//2", "3"),
            ("-7 // 2", "-4"),
            ("7 % 3", "1"),
            ("-7 % 3", "2"),
            ("2**3**2", "512"),
            ("-2 ** 2", "-4"),
            ("2 ** -1", "0.5"),
            ("0.1+0.2", "0.30000000000000004"),
            (" 4 ", "4"),
            ("--4", "4"),
            ("9223372036854775807 + 1", "9223372036854776000"),
        ] {
            assert_eq!(eval(expression).as_deref(), Some(value), "{expression}");
        }
    }

    #[test]
    fn anything_else_has_none() {
        for expression in [
            "",
            "1 +",
            "1/0",
            "1//0",
            "1%0",
            "(1",
            "1)",
            "x",
            "__import__('os')",
            "1e9",
            "1.2.3",
            "9**999",
            "0**-1",
            "1 2",
        ] {
            assert_eq!(eval(expression), None, "{expression}");
        }
        let deep = |depth: usize| "(".repeat(depth) + "1" + &")".repeat(depth);
        assert_eq!(eval(&deep(MAX_DEPTH - 1)).as_deref(), Some("1"));
        assert_eq!(eval(&deep(MAX_DEPTH)), None);
        assert_eq!(eval(&"1".repeat(MAX_LENGTH + 1)), None);
    }

    #[test]
    fn numbers_are_rounded_and_cut() {
        let round = |text, digits| Number::read(text).and_then(|number| number.rounded(digits));
        assert_eq!(round("2.345", 1).as_deref(), Some("2.3"));
        assert_eq!(round("2.5", 0).as_deref(), Some("2"));
        assert_eq!(round("2.999", 2).as_deref(), Some("3"));
        assert_eq!(round("7", 200).as_deref(), Some("7"));
        assert_eq!(Number::read("-2.9").and_then(Number::whole), Some(-2));
        assert!(["inf", "NaN", "nan", "", "x", "1e999"].iter().all(|text| Number::read(text).is_none()));
    }
}
