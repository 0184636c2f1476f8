//! English pronouns as the one meant reads them, and as others do: "you", "she". `$pron` asks for them.

/// How others speak of somebody; kept in the attribute `gender`.
///
/// ```
/// use meadow_world::{Result, World, ObjectId, say, text::Gender};
///
/// fn become_(world: &mut World, body: ObjectId, typed: &str) -> Result {
///     Gender::from_name(typed).ok_or_else(|| say("male, female, neutral or plural?"))?;
///     world[body].db.set("gender", typed)?;
///     world.act(body, "$You() $conj(look) at $pron(yourself).").to_room();
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// He.
    Male,
    /// She.
    Female,
    /// It.
    Neutral,
    /// They: several, or one of whom one does not know more.
    Plural,
}

impl Gender {
    /// By its name: `male`, `female`, `neutral`, `plural` (`ambiguous` is the same), or the first letter.
    pub fn from_name(name: &str) -> Option<Gender> {
        Some(match name.trim().to_lowercase().as_str() {
            "male" | "m" => Gender::Male,
            "female" | "f" => Gender::Female,
            "neutral" | "n" => Gender::Neutral,
            "plural" | "p" | "ambiguous" | "a" => Gender::Plural,
            _ => return None,
        })
    }
}

/// What a pronoun stands for in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    /// They see.
    Subject,
    /// See them.
    Object,
    /// Their hat.
    PossessiveAdjective,
    /// It is theirs.
    PossessivePronoun,
    /// Themselves.
    Reflexive,
}

const CASES: [Case; 5] =
    [Case::Subject, Case::Object, Case::PossessiveAdjective, Case::PossessivePronoun, Case::Reflexive];

/// Who is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Person {
    First,
    FirstPlural,
    Second,
    Third(Gender),
}

/// In the order of [`CASES`].
const TABLE: [(Person, [&str; 5]); 8] = [
    (Person::First, ["I", "me", "my", "mine", "myself"]),
    (Person::FirstPlural, ["we", "us", "our", "ours", "ourselves"]),
    (Person::Second, ["you", "you", "your", "yours", "yourself"]),
    (Person::Third(Gender::Male), ["he", "him", "his", "his", "himself"]),
    (Person::Third(Gender::Female), ["she", "her", "her", "hers", "herself"]),
    (Person::Third(Gender::Neutral), ["it", "it", "its", "its", "itself"]),
    (Person::Third(Gender::Plural), ["they", "them", "their", "theirs", "themselves"]),
    // Given only.
    (Person::Second, ["", "", "", "", "yourselves"]),
];

/// A pronoun that was given, with what was said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::text) struct Pronoun {
    person: Person,
    case: Case,
    gender: Option<Gender>,
    pub(in crate::text) capital: bool,
}

impl Pronoun {
    /// Reads a pronoun and its options; none, if it is no pronoun.
    pub(in crate::text) fn read(word: &str, options: Options) -> Option<Pronoun> {
        let lower = word.to_lowercase();
        let fits = |(at, form): (usize, &&str)| {
            form.to_lowercase() == lower && options.case.is_none_or(|case| CASES[at] == case)
        };
        let find = |(person, forms): &(Person, [&str; 5])| {
            forms.iter().enumerate().position(|(at, form)| fits((at, form))).map(|at| (*person, CASES[at]))
        };
        let anyhow = |(person, forms): &(Person, [&str; 5])| {
            let known = forms.iter().any(|form| form.to_lowercase() == lower);
            options.case.filter(|_| known).map(|case| (*person, case))
        };
        if lower.is_empty() {
            return None;
        }
        let (given, case) = TABLE.iter().find_map(find).or_else(|| TABLE.iter().find_map(anyhow))?;
        Some(Pronoun {
            person: options.person.unwrap_or(given),
            case,
            gender: options.gender,
            capital: word != "I" && word.starts_with(char::is_uppercase),
        })
    }

    /// As the one who is meant reads it.
    pub(in crate::text) fn own(self) -> &'static str {
        let person = if let Person::Third(_) = self.person { Person::Second } else { self.person };
        form(person, self.case)
    }

    /// As others read it. What the options say of the gender comes first, then what is known of the one who is meant,
    /// then the pronoun that was given.
    pub(in crate::text) fn of_others(self, known: Option<Gender>, usual: Gender) -> &'static str {
        let given = if let Person::Third(gender) = self.person { Some(gender) } else { None };
        form(Person::Third(self.gender.or(known).or(given).unwrap_or(usual)), self.case)
    }
}

fn form(person: Person, case: Case) -> &'static str {
    let row = TABLE.iter().find(|(known, _)| *known == person);
    let at = CASES.iter().position(|known| *known == case);
    row.zip(at).map_or("", |((_, forms), at)| forms[at])
}

/// What is said of a pronoun: `male op`, `possessive adjective`, `1st person`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::text) struct Options {
    case: Option<Case>,
    gender: Option<Gender>,
    person: Option<Person>,
}

impl Options {
    /// Reads options, with spaces between them; none, if a word is none.
    pub(in crate::text) fn read(words: &str) -> Option<Options> {
        let mut options = Options::default();
        for word in words.to_lowercase().split_whitespace() {
            match word {
                "sp" | "subject" => options.case = Some(Case::Subject),
                "op" | "object" => options.case = Some(Case::Object),
                "pa" | "adjective" => options.case = Some(Case::PossessiveAdjective),
                "pp" | "possessive" => options.case = Some(Case::PossessivePronoun),
                "rp" | "reflexive" => options.case = Some(Case::Reflexive),
                "1" | "1st" => options.person = Some(Person::First),
                "2" | "2nd" => options.person = Some(Person::Second),
                "3" | "3rd" => options.person = None,
                "pronoun" | "person" => {}
                gender => options.gender = Some(Gender::from_name(gender)?),
            }
        }
        Some(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, options: &str, own: &str, others: [&str; 4]) {
        let read = Pronoun::read(word, Options::read(options).expect("options")).expect("a pronoun");
        let genders = [Gender::Male, Gender::Female, Gender::Neutral, Gender::Plural];
        let seen = genders.map(|gender| read.of_others(Some(gender), Gender::Neutral));
        assert_eq!((read.own(), seen), (own, others), "{word} {options}");
    }

    #[test]
    fn each_case_for_each_gender() {
        check("you", "", "you", ["he", "she", "it", "they"]);
        check("you", "op", "you", ["him", "her", "it", "them"]);
        check("your", "", "your", ["his", "her", "its", "their"]);
        check("yours", "", "yours", ["his", "hers", "its", "theirs"]);
        check("yourself", "", "yourself", ["himself", "herself", "itself", "themselves"]);
        check("I", "", "I", ["he", "she", "it", "they"]);
        check("our", "", "our", ["his", "her", "its", "their"]);
        check("they", "", "you", ["he", "she", "it", "they"]);
        check("her", "possessive adjective", "your", ["his", "her", "its", "their"]);
        check("him", "1st person", "me", ["him", "her", "it", "them"]);
        check("you", "rp", "yourself", ["himself", "herself", "itself", "themselves"]);
    }

    #[test]
    fn what_is_said_comes_before_what_is_known_before_what_is_given() {
        let read =
            |options| Pronoun::read("his", Options::read(options).expect("options")).expect("a pronoun");
        assert_eq!(read("f").of_others(Some(Gender::Plural), Gender::Neutral), "her");
        assert_eq!(read("").of_others(Some(Gender::Plural), Gender::Neutral), "their");
        assert_eq!(read("").of_others(None, Gender::Neutral), "his");
        assert_eq!(
            Pronoun::read("you", Options::default()).expect("a pronoun").of_others(None, Gender::Neutral),
            "it"
        );
        assert!(
            Pronoun::read("rose", Options::default()).is_none()
                && Pronoun::read("", Options::default()).is_none()
        );
        assert_eq!(Options::read("blue"), None);
    }
}
