//! English verbs as one says them of oneself and of others: "you pick", "she picks", "they pick". `$conj` asks for them.

/// What a verb is with "you" (and "they"), and with "he": in the tense that it is given in.
///
/// ```
/// use meadow_world::text::conjugate;
/// let verb = conjugate("go");
/// assert_eq!(format!("You {}. She {}.", verb.second, verb.third), "You go. She goes.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conjugated {
    /// "you pick", "they pick".
    pub second: String,
    /// "she picks".
    pub third: String,
}

/// Conjugates a verb. It may be given in the infinitive or as one says it of others; in the past and as a participle it
/// stays in that. What follows the first word is left as it is: "pick up".
///
/// ```
/// use meadow_world::text::conjugate;
/// let verb = conjugate("carry");
/// assert_eq!((verb.second.as_str(), verb.third.as_str()), ("carry", "carries"));
/// assert_eq!(conjugate("be").third, "is");
/// assert_eq!(conjugate("pick up").third, "picks up");
/// assert_eq!(conjugate("took").third, "took");
/// ```
pub fn conjugate(verb: &str) -> Conjugated {
    let end = verb.find(char::is_whitespace).unwrap_or(verb.len());
    let (word, rest) = verb.split_at(end);
    let (second, third) = forms(&word.to_lowercase());
    let capital = word.starts_with(char::is_uppercase);
    let whole = |form: String| if capital { super::capitalize_word(&form) + rest } else { form + rest };
    Conjugated { second: whole(second), third: whole(third) }
}

/// The two forms of a word in small letters.
fn forms(word: &str) -> (String, String) {
    if let Some((_, second, third)) = SPECIAL.iter().find(|(known, ..)| known.contains(&word)) {
        return ((*second).to_owned(), (*third).to_owned());
    }
    if !is_infinitive(word) {
        if is_past(word) {
            return (word.to_owned(), word.to_owned());
        }
        if let Some(infinitive) = infinitive(word) {
            let third = third(&infinitive);
            return (infinitive, third);
        }
    }
    (word.to_owned(), third(word))
}

/// What follows no rule: how it may be given, with "you", with "he".
const SPECIAL: [(&[&str], &str, &str); 14] = [
    (&["be", "am", "are", "is"], "are", "is"),
    (&["was", "were"], "were", "was"),
    (&["aren't", "isn't"], "aren't", "isn't"),
    (&["wasn't", "weren't"], "weren't", "wasn't"),
    (&["have", "has"], "have", "has"),
    (&["haven't", "hasn't"], "haven't", "hasn't"),
    (&["don't", "doesn't"], "don't", "doesn't"),
    (&["'re", "'s"], "'re", "'s"),
    (&["'ve"], "'ve", "'s"),
    (&["quiz", "quizzes"], "quiz", "quizzes"),
    (&["whiz", "whizzes"], "whiz", "whizzes"),
    (&["gas", "gasses"], "gas", "gasses"),
    (&["stomach", "stomachs"], "stomach", "stomachs"),
    (&["been"], "been", "been"),
];

/// Verbs that are the same for everybody.
const MODAL: [&str; 14] = [
    "can", "cannot", "may", "might", "must", "shall", "should", "will", "would", "could", "ought", "won't",
    "wouldn't", "couldn't",
];

/// As one says it of others.
fn third(infinitive: &str) -> String {
    if infinitive.is_empty() || MODAL.contains(&infinitive) {
        return infinitive.to_owned();
    }
    let vowel_before = |length: usize| {
        let before = infinitive.len().checked_sub(length + 1).and_then(|at| infinitive.as_bytes().get(at));
        before.is_some_and(|letter| b"aeiou".contains(letter))
    };
    if let Some(stem) = infinitive.strip_suffix('y')
        && !stem.is_empty()
        && !vowel_before(1)
    {
        return format!("{stem}ies");
    }
    let hisses = ["s", "x", "z", "ch", "sh"].iter().any(|ending| infinitive.ends_with(ending));
    let hollow = infinitive.ends_with('o') && infinitive.len() > 1 && !vowel_before(1);
    if hisses || hollow { format!("{infinitive}es") } else { format!("{infinitive}s") }
}

/// Whether a word is an infinitive although it looks like something else.
fn is_infinitive(word: &str) -> bool {
    const LOOK_LIKE_PAST: [&str; 11] =
        ["need", "seed", "weed", "heed", "proceed", "succeed", "exceed", "embed", "wound", "ground", "bound"];
    const LOOK_LIKE_THIRD: [&str; 6] = ["focus", "bias", "canvas", "caucus", "chorus", "discuss"];
    LOOK_LIKE_PAST.contains(&word)
        || LOOK_LIKE_THIRD.contains(&word)
        || IRREGULAR.iter().any(|(infinitive, ..)| *infinitive == word)
}

fn is_past(word: &str) -> bool {
    let has_vowel = |stem: &str| stem.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let regular = |ending| word.strip_suffix(ending).is_some_and(has_vowel);
    IRREGULAR.iter().any(|(_, past, participle)| *past == word || *participle == word)
        || regular("ed")
        || regular("ing")
        || regular("n't")
}

/// What a word in the third person comes from; none if it is not in the third person.
fn infinitive(word: &str) -> Option<String> {
    let stem = word.strip_suffix('s')?;
    if stem.len() < 2 || stem.ends_with(['s', 'u']) || MODAL.contains(&word) {
        return None;
    }
    let known = |word: &str| IRREGULAR.iter().any(|(infinitive, ..)| *infinitive == word);
    let Some(shorter) = stem.strip_suffix('e') else { return Some(stem.to_owned()) };
    // "takes": the e is the verb's.
    if known(stem) {
        return Some(stem.to_owned());
    }
    if let Some(stem) = shorter.strip_suffix('i') {
        let short = ["d", "l", "t", "v"].contains(&stem) || stem == "unt" || stem == "bel";
        return Some(if short { format!("{stem}ie") } else { format!("{stem}y") });
    }
    let own_e = ["ache", "cache", "tiptoe", "shoe", "hoe", "canoe", "axe", "toe"].contains(&stem);
    let hisses = ["ss", "x", "zz", "ch", "sh", "o", "cus"].iter().any(|ending| shorter.ends_with(ending));
    Some(if hisses && !own_e { shorter.to_owned() } else { stem.to_owned() })
}

/// Infinitive, past and participle of the verbs that do not simply end with "ed", as far as they are common.
///
/// "saw" is not in it, nor is "fell", for they mean the past of "see" and "fall" nearly always.
const IRREGULAR: [(&str, &str, &str); 190] = [
    ("arise", "arose", "arisen"),
    ("awake", "awoke", "awoken"),
    ("bear", "bore", "borne"),
    ("beat", "beat", "beaten"),
    ("become", "became", "become"),
    ("befall", "befell", "befallen"),
    ("begin", "began", "begun"),
    ("behold", "beheld", "beheld"),
    ("bend", "bent", "bent"),
    ("beset", "beset", "beset"),
    ("bet", "bet", "bet"),
    ("bid", "bid", "bid"),
    ("bind", "bound", "bound"),
    ("bite", "bit", "bitten"),
    ("bleed", "bled", "bled"),
    ("blow", "blew", "blown"),
    ("break", "broke", "broken"),
    ("breed", "bred", "bred"),
    ("bring", "brought", "brought"),
    ("broadcast", "broadcast", "broadcast"),
    ("build", "built", "built"),
    ("burn", "burnt", "burnt"),
    ("burst", "burst", "burst"),
    ("buy", "bought", "bought"),
    ("cast", "cast", "cast"),
    ("catch", "caught", "caught"),
    ("choose", "chose", "chosen"),
    ("cling", "clung", "clung"),
    ("come", "came", "come"),
    ("cost", "cost", "cost"),
    ("creep", "crept", "crept"),
    ("cut", "cut", "cut"),
    ("deal", "dealt", "dealt"),
    ("dig", "dug", "dug"),
    ("do", "did", "done"),
    ("draw", "drew", "drawn"),
    ("dream", "dreamt", "dreamt"),
    ("drink", "drank", "drunk"),
    ("drive", "drove", "driven"),
    ("dwell", "dwelt", "dwelt"),
    ("eat", "ate", "eaten"),
    ("fall", "fell", "fallen"),
    ("feed", "fed", "fed"),
    ("feel", "felt", "felt"),
    ("fight", "fought", "fought"),
    ("find", "found", "found"),
    ("flee", "fled", "fled"),
    ("fling", "flung", "flung"),
    ("fly", "flew", "flown"),
    ("forbid", "forbade", "forbidden"),
    ("foresee", "foresaw", "foreseen"),
    ("forget", "forgot", "forgotten"),
    ("forgive", "forgave", "forgiven"),
    ("forsake", "forsook", "forsaken"),
    ("freeze", "froze", "frozen"),
    ("get", "got", "gotten"),
    ("give", "gave", "given"),
    ("go", "went", "gone"),
    ("grind", "ground", "ground"),
    ("grow", "grew", "grown"),
    ("hang", "hung", "hung"),
    ("have", "had", "had"),
    ("hear", "heard", "heard"),
    ("hide", "hid", "hidden"),
    ("hit", "hit", "hit"),
    ("hold", "held", "held"),
    ("hurt", "hurt", "hurt"),
    ("keep", "kept", "kept"),
    ("kneel", "knelt", "knelt"),
    ("knit", "knit", "knit"),
    ("know", "knew", "known"),
    ("lay", "laid", "laid"),
    ("lead", "led", "led"),
    ("lean", "leant", "leant"),
    ("leap", "leapt", "leapt"),
    ("learn", "learnt", "learnt"),
    ("leave", "left", "left"),
    ("lend", "lent", "lent"),
    ("let", "let", "let"),
    ("lie", "lay", "lain"),
    ("light", "lit", "lit"),
    ("lose", "lost", "lost"),
    ("make", "made", "made"),
    ("mean", "meant", "meant"),
    ("meet", "met", "met"),
    ("mislead", "misled", "misled"),
    ("mistake", "mistook", "mistaken"),
    ("misunderstand", "misunderstood", "misunderstood"),
    ("mow", "mowed", "mown"),
    ("outrun", "outran", "outrun"),
    ("overcome", "overcame", "overcome"),
    ("overhear", "overheard", "overheard"),
    ("overtake", "overtook", "overtaken"),
    ("overthrow", "overthrew", "overthrown"),
    ("partake", "partook", "partaken"),
    ("pay", "paid", "paid"),
    ("prove", "proved", "proven"),
    ("put", "put", "put"),
    ("quit", "quit", "quit"),
    ("read", "read", "read"),
    ("rebuild", "rebuilt", "rebuilt"),
    ("rend", "rent", "rent"),
    ("repay", "repaid", "repaid"),
    ("retell", "retold", "retold"),
    ("rid", "rid", "rid"),
    ("ride", "rode", "ridden"),
    ("ring", "rang", "rung"),
    ("rise", "rose", "risen"),
    ("run", "ran", "run"),
    ("say", "said", "said"),
    ("see", "saw", "seen"),
    ("seek", "sought", "sought"),
    ("sell", "sold", "sold"),
    ("send", "sent", "sent"),
    ("set", "set", "set"),
    ("sew", "sewed", "sewn"),
    ("shake", "shook", "shaken"),
    ("shear", "sheared", "shorn"),
    ("shed", "shed", "shed"),
    ("shine", "shone", "shone"),
    ("shoe", "shod", "shod"),
    ("shoot", "shot", "shot"),
    ("show", "showed", "shown"),
    ("shrink", "shrank", "shrunk"),
    ("shut", "shut", "shut"),
    ("sing", "sang", "sung"),
    ("sink", "sank", "sunk"),
    ("sit", "sat", "sat"),
    ("slay", "slew", "slain"),
    ("sleep", "slept", "slept"),
    ("slide", "slid", "slid"),
    ("sling", "slung", "slung"),
    ("slink", "slunk", "slunk"),
    ("slit", "slit", "slit"),
    ("smell", "smelt", "smelt"),
    ("smite", "smote", "smitten"),
    ("sow", "sowed", "sown"),
    ("speak", "spoke", "spoken"),
    ("speed", "sped", "sped"),
    ("spell", "spelt", "spelt"),
    ("spend", "spent", "spent"),
    ("spill", "spilt", "spilt"),
    ("spin", "spun", "spun"),
    ("spit", "spat", "spat"),
    ("split", "split", "split"),
    ("spoil", "spoilt", "spoilt"),
    ("spread", "spread", "spread"),
    ("spring", "sprang", "sprung"),
    ("stand", "stood", "stood"),
    ("steal", "stole", "stolen"),
    ("stick", "stuck", "stuck"),
    ("sting", "stung", "stung"),
    ("stink", "stank", "stunk"),
    ("strew", "strewed", "strewn"),
    ("stride", "strode", "stridden"),
    ("strike", "struck", "struck"),
    ("string", "strung", "strung"),
    ("strive", "strove", "striven"),
    ("swear", "swore", "sworn"),
    ("sweep", "swept", "swept"),
    ("swell", "swelled", "swollen"),
    ("swim", "swam", "swum"),
    ("swing", "swung", "swung"),
    ("take", "took", "taken"),
    ("teach", "taught", "taught"),
    ("tear", "tore", "torn"),
    ("tell", "told", "told"),
    ("think", "thought", "thought"),
    ("throw", "threw", "thrown"),
    ("thrust", "thrust", "thrust"),
    ("tread", "trod", "trodden"),
    ("undergo", "underwent", "undergone"),
    ("understand", "understood", "understood"),
    ("undertake", "undertook", "undertaken"),
    ("undo", "undid", "undone"),
    ("unwind", "unwound", "unwound"),
    ("uphold", "upheld", "upheld"),
    ("upset", "upset", "upset"),
    ("wake", "woke", "woken"),
    ("wear", "wore", "worn"),
    ("weave", "wove", "woven"),
    ("wed", "wed", "wed"),
    ("weep", "wept", "wept"),
    ("win", "won", "won"),
    ("wind", "wound", "wound"),
    ("withdraw", "withdrew", "withdrawn"),
    ("withhold", "withheld", "withheld"),
    ("withstand", "withstood", "withstood"),
    ("wring", "wrung", "wrung"),
    ("write", "wrote", "written"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, second: &str, third: &str) {
        let verb = conjugate(given);
        assert_eq!((verb.second.as_str(), verb.third.as_str()), (second, third), "{given}");
    }

    #[test]
    fn infinitives_are_conjugated() {
        for (infinitive, third) in [
            ("pick", "picks"),
            ("go", "goes"),
            ("do", "does"),
            ("carry", "carries"),
            ("play", "plays"),
            ("kiss", "kisses"),
            ("fix", "fixes"),
            ("watch", "watches"),
            ("push", "pushes"),
            ("buzz", "buzzes"),
            ("echo", "echoes"),
            ("moo", "moos"),
            ("die", "dies"),
            ("buy", "buys"),
            ("take", "takes"),
            ("sing", "sings"),
            ("bring", "brings"),
            ("need", "needs"),
            ("wound", "wounds"),
            ("lay", "lays"),
            ("shred", "shreds"),
            ("put", "puts"),
            ("focus", "focuses"),
            ("must", "must"),
            ("quiz", "quizzes"),
            ("panic", "panics"),
            ("lie", "lies"),
            ("agree", "agrees"),
            ("fly", "flies"),
            ("say", "says"),
            ("freeze", "freezes"),
        ] {
            check(infinitive, infinitive, third);
            if infinitive != third {
                check(third, infinitive, third);
            }
        }
    }

    #[test]
    fn what_follows_no_rule() {
        for given in ["be", "am", "are", "is"] {
            check(given, "are", "is");
        }
        check("was", "were", "was");
        check("have", "have", "has");
        check("don't", "don't", "doesn't");
        check("aches", "ache", "aches");
        check("dies", "die", "dies");
    }

    #[test]
    fn other_tenses_stay() {
        for word in
            ["took", "taken", "saw", "walked", "stopped", "picking", "found", "went", "could", "hadn't"]
        {
            check(word, word, word);
        }
    }

    #[test]
    fn capitals_and_what_follows_stay() {
        check("Pick up", "Pick up", "Picks up");
        check("be able to", "are able to", "is able to");
        check("", "", "");
    }

    #[test]
    fn the_table_is_in_order_and_each_form_keeps_its_tense() {
        assert!(IRREGULAR.is_sorted_by(|one, two| one.0 < two.0), "sort it, for whoever adds a verb");
        for (infinitive, past, participle) in IRREGULAR {
            let third = conjugate(infinitive).third;
            check(&third, infinitive, &third);
            for form in [past, participle] {
                let is_present = is_infinitive(form);
                assert_eq!(conjugate(form).third == *form, !is_present, "{form}");
            }
        }
    }
}
