//! The passwords that are guessed first. `accounts` asks here.

/// Whether a password is one of them, whatever the case.
pub(crate) fn is_common(password: &str) -> bool {
    COMMON.binary_search(&password.to_lowercase().as_str()).is_ok()
}

/// In the order of their bytes.
const COMMON: [&str; 251] = [
    "00000000", "11111111", "11223344", "1122334455", "123123123", "123321123", "12341234", "12344321", "12345",
    "123456", "1234567", "12345678", "123456789", "1234567890", "123456789a", "12345678a", "123456aa",
    "123456ab", "123456abc", "1234abcd", "1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx", "87654321", "88888888",
    "987654321", "a1b2c3d4", "aa123456", "aaaaaaaa", "abc123", "abcd1234", "abcdefg1", "abcdefgh", "abcdefghi",
    "admin", "admin123", "admin1234", "adminadmin", "administrator", "alexander", "anthony1", "arsenal1",
    "asdf1234", "asdfasdf", "asdfghjk", "asdfghjkl", "ashley123", "autumn123", "bailey123", "barcelona",
    "baseball", "baseball1", "basketball", "batman123", "benjamin", "blackjack", "blahblah", "blink182",
    "buster123", "butterfly", "changeme", "changeme1", "changeme123", "charlie1", "cheese123", "chelsea1",
    "chocolate", "christian", "coldplay", "computer", "computer1", "corvette", "daniel123", "darkness",
    "darkstar", "december", "default", "default1", "dragon", "dragon123", "dragonball", "elizabeth",
    "eminem123", "evennia1", "evennia123", "family123", "february", "ferrari1", "football", "football1",
    "forever1", "fortnite", "freedom1", "friday123", "friends1", "ginger123", "greenday", "guest123",
    "guestguest", "harley123", "hockey123", "hunter123", "hunter22", "ilovemyself", "iloveu123", "iloveyou",
    "iloveyou!", "iloveyou1", "iloveyou2", "internet", "internet1", "january1", "jennifer", "jessica1",
    "jonathan", "jordan123", "jordan23", "juventus", "killer123", "letmein", "letmein1", "letmein123",
    "letmeinn", "liverpool", "lovelove", "lovely123", "loveyou1", "maggie123", "manchester", "margaret",
    "master", "master123", "masterkey", "matthew1", "meadow123", "mercedes", "metallica", "michael1",
    "michelle", "mickey123", "midnight", "minecraft", "minecraft1", "monday123", "monkey", "monkey123",
    "moonlight", "mudmudmud", "mustang1", "mypassword", "mypassword1", "newpassword", "nicholas", "nirvana1",
    "nothing1", "november", "october1", "p@ssw0rd", "p@ssword", "pa55word", "pass1234", "pass12345", "passpass",
    "passw0rd", "password", "password!", "password01", "password1", "password1!", "password12", "password123",
    "password1234", "password2", "password99", "passwords", "patricia", "phoenix1", "pokemon1", "pokemon123",
    "porsche1", "princess", "princess1", "q1w2e3r4", "qazwsx123", "qazwsxedc", "qweasdzxc", "qwerty", "qwerty1",
    "qwerty12", "qwerty123", "qwerty12345", "qwertyui", "qwertyuiop", "rainbow1", "realmadrid", "roblox123",
    "root", "rootroot", "samantha", "secret", "secret123", "secretpassword", "september", "shadow123",
    "slipknot", "snowball", "softball", "something", "sparkle1", "spiderman", "spring123", "startrek",
    "starwars", "starwars1", "summer123", "summer2024", "sunshine", "sunshine1", "superman", "superman1",
    "test1234", "testing1", "testing123", "testpass", "testtest", "thepassword", "thomas123", "tigger123",
    "toor", "topsecret", "trustno1", "trustnoone", "user1234", "username", "userpass", "victoria", "volleyball",
    "welcome", "welcome1", "welcome123", "welcome1234", "whatever", "whatever1", "winter123", "winter2024",
    "yamaha123", "yourpassword", "zaq12wsx", "zxcvbnm", "zxcvbnm1", "zxcvbnmm",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_found_whatever_their_case() {
        assert!(COMMON.is_sorted(), "they are looked up by halves");
        assert!(COMMON.iter().all(|password| is_common(&password.to_uppercase())));
        assert!(!is_common("correct horse"));
    }
}
