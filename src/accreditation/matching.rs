//! Names compared across scripts, orders and spellings. Pure: nothing here reads or writes.
//!
//! A name becomes words in plain Latin letters, in which spellings that mean the same sound look the
//! same. Words are compared in any order, as wholes run together (`Xiao Long` is `Xiaolong`), and
//! where one side comes from a script without vowels, by consonants alone.

use deunicode::deunicode;

/// From this likeness on, two names may well be one person's.
pub const LIKELY: f64 = 0.88;
/// What suffices when the date of birth is the same.
pub const LIKELY_WITH_BIRTH: f64 = 0.78;
/// What is needed when the dates of birth differ.
const LIKELY_DESPITE_BIRTH: f64 = 0.97;
/// A pair of long words below this likeness is two different words.
const SAME_WORD: f64 = 0.88;
/// Of a name's letters this share must be found in the other before anything is compared.
const SHARED_LETTERS: f64 = 0.78;
/// A likeness by consonants alone is worth a little less.
const BY_CONSONANTS: f64 = 0.96;
/// Fewest consonants that say anything.
const FEWEST_CONSONANTS: usize = 4;
/// Words of a name that are looked at.
const MOST_WORDS: usize = 8;

/// How often each letter stands in a name; 32 places so that the machine adds them up at once.
type Letters = [u8; 32];

/// A name made ready to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct NameKey {
    words: Vec<String>,
    bones: Vec<String>,
    letters: Letters,
    bone_letters: Letters,
    has_vowels: bool,
}

impl NameKey {
    /// A name in any script, as one line.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let (words, has_vowels) = words(name);
        let bones: Vec<String> = words.iter().map(|word| bones(word)).filter(|bones| !bones.is_empty()).collect();
        Self { letters: count(&words), bone_letters: count(&bones), words, bones, has_vowels }
    }

    /// The names of one person: in Latin letters, and in the own script where there is one.
    #[must_use]
    pub fn of_person(given: &str, family: &str, native: &str) -> Vec<Self> {
        let mut keys = vec![Self::of(&format!("{family} {given}"))];
        keys.extend((!native.trim().is_empty()).then(|| Self::of(native)));
        keys.retain(|key| !key.words.is_empty());
        keys
    }

    /// Whether nothing of the name is left to compare.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How alike two names are, from 0 to 1.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> f64 {
        if self.has_vowels == other.has_vowels {
            if !may_be_alike(&self.letters, &other.letters) {
                return 0.0;
            }
            return by_words(&self.words, &other.words).max(run_together(&self.words, &other.words));
        }
        let enough = |bones: &[String]| bones.iter().map(String::len).sum::<usize>() >= FEWEST_CONSONANTS;
        if !enough(&self.bones) || !enough(&other.bones) || !may_be_alike(&self.bone_letters, &other.bone_letters) {
            return 0.0;
        }
        by_words(&self.bones, &other.bones).max(run_together(&self.bones, &other.bones)) * BY_CONSONANTS
    }

    /// What names that are written differently have in common, for an index: the consonants in the
    /// order of the alphabet. Equal keys are worth a comparison and prove nothing.
    #[must_use]
    pub fn block(&self) -> String {
        let mut letters: Vec<char> = self.bones.iter().flat_map(|bones| bones.chars()).collect();
        if letters.is_empty() {
            letters = self.words.iter().flat_map(|word| word.chars()).collect();
        }
        letters.sort_unstable();
        letters.into_iter().take(60).collect()
    }
}

/// The likeness of the two closest names of two people.
#[must_use]
pub fn closest(left: &[NameKey], right: &[NameKey]) -> f64 {
    left.iter().flat_map(|left| right.iter().map(|right| left.likeness(right))).fold(0.0, f64::max)
}

/// What two dates of birth say about two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Births {
    /// They are the same.
    Same,
    /// They differ.
    Differ,
    /// One is not known.
    Unknown,
}

impl Births {
    /// Compares two dates by what they are known by. What different keys made says nothing: a key's name
    /// stands before the colon.
    #[must_use]
    pub fn of(left: Option<&str>, right: Option<&str>) -> Self {
        let key = |hint: &str| hint.split_once(':').map(|(key, _)| key.to_owned());
        match (left, right) {
            (Some(left), Some(right)) if key(left) != key(right) => Self::Unknown,
            (Some(left), Some(right)) if left == right => Self::Same,
            (Some(_), Some(_)) => Self::Differ,
            _ => Self::Unknown,
        }
    }

    /// Whether names of this likeness, with this about the births, deserve a look.
    #[must_use]
    pub fn suggest(self, likeness: f64) -> bool {
        likeness
            >= match self {
                Self::Same => LIKELY_WITH_BIRTH,
                Self::Differ => LIKELY_DESPITE_BIRTH,
                Self::Unknown => LIKELY,
            }
    }
}

/// What stands before a name or joins its parts and tells nobody apart.
const FILLERS: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "sir",
    "dame",
    "madam",
    "excellency",
    "al",
    "el",
    "ul",
    "bin",
    "ibn",
    "bint",
    "ben",
];

/// Chinese family names of two characters.
const DOUBLE_SURNAMES: &[&str] = &[
    "欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐",
    "宇文", "长孙", "端木", "东方", "南宫", "西门",
];

/// Korean family names as they are written abroad, which is not as they sound.
const KOREAN_SURNAMES: &[(&str, &str)] =
    &[("김", "kim"), ("이", "lee"), ("박", "park"), ("최", "choi"), ("정", "jung"), ("강", "kang"), ("조", "cho")];

/// The words of a name in plain letters, and whether its script writes vowels.
fn words(name: &str) -> (Vec<String>, bool) {
    let has_vowels = !name.chars().any(is_without_vowels);
    let is_part = |letter: char| letter.is_alphabetic() || is_mark(letter);
    let pieces: Vec<&str> = name.split(|letter: char| !is_part(letter)).filter(|piece| !piece.is_empty()).collect();
    let is_alone = pieces.len() == 1;
    let mut words = Vec::new();
    for piece in pieces {
        if piece.chars().all(is_syllable) {
            words.extend(syllables(piece, is_alone));
            continue;
        }
        let piece = piece.strip_prefix("ال").filter(|rest| rest.chars().count() > 2).unwrap_or(piece);
        let plain = deunicode(piece).to_lowercase();
        words.push(plain.chars().filter(char::is_ascii_lowercase).collect());
    }
    words.retain(|word: &String| !word.is_empty());
    if words.iter().any(|word| !FILLERS.contains(&word.as_str())) {
        words.retain(|word| !FILLERS.contains(&word.as_str()));
    }
    words.truncate(MOST_WORDS);
    (words.iter().map(|word| fold(word)).collect(), has_vowels)
}

/// Han and Hangul: one character, one syllable; a name written without a gap begins with the family's.
fn syllables(piece: &str, is_alone: bool) -> Vec<String> {
    let count = piece.chars().count();
    let is_double = count > 2 && DOUBLE_SURNAMES.iter().any(|double| piece.starts_with(double));
    let family: usize = piece.chars().take(if is_double { 2 } else { 1 }).map(char::len_utf8).sum();
    let sound = |part: &str| -> String { part.chars().map(syllable).collect() };
    if !is_alone || !(2..=4).contains(&count) {
        return vec![sound(piece)];
    }
    let (family, given) = piece.split_at(family);
    let abroad = KOREAN_SURNAMES.iter().find(|(own, _)| *own == family).map(|(_, abroad)| (*abroad).to_owned());
    vec![abroad.unwrap_or_else(|| sound(family)), sound(given)]
}

/// Characters that sound otherwise in names than the table of all characters says.
const SOUNDS_IN_NAMES: &[(char, &str)] = &[
    ('叶', "ye"),
    ('沈', "shen"),
    ('万', "wan"),
    ('娜', "na"),
    ('洁', "jie"),
    ('单', "shan"),
    ('曾', "zeng"),
    ('仇', "qiu"),
    ('解', "xie"),
    ('区', "ou"),
    ('查', "zha"),
    ('朴', "piao"),
    ('翟', "zhai"),
    ('覃', "qin"),
    ('盖', "ge"),
    ('尉', "yu"),
];

fn syllable(character: char) -> String {
    if let Some((_, sound)) = SOUNDS_IN_NAMES.iter().find(|(known, _)| *known == character) {
        return (*sound).to_owned();
    }
    let plain = deunicode::deunicode_char(character).unwrap_or_default();
    plain.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase()).collect()
}

fn is_syllable(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '\u{ac00}'..='\u{d7a3}')
}

/// Arabic, Persian, Urdu and Hebrew are written without short vowels.
fn is_without_vowels(letter: char) -> bool {
    matches!(letter, '\u{0590}'..='\u{07bf}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Marks and apostrophes inside a word: `O'Brien`, and vowel signs.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\'' | '’' | 'ʼ' | '`' | '\u{0300}'..='\u{036f}' | '\u{064b}'..='\u{065f}' | '\u{0640}' | '\u{200c}' | '\u{200d}')
}

/// Pairs of which the first is another way to write the second, in the order in which they are applied.
const SPELLINGS: &[(&str, &str)] = &[
    ("tch", "ch"),
    ("sch", "sh"),
    ("shch", "sh"),
    ("ph", "f"),
    ("kh", "h"),
    ("gh", "g"),
    ("ck", "k"),
    ("qu", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("w", "v"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("y", "i"),
    ("j", "i"),
];
/// Umlauts written out; only in words so long that nothing else is meant by it.
const UMLAUTS: &[(&str, &str)] = &[("ue", "u"), ("oe", "o"), ("ae", "a")];
const SHORTEST_WITH_UMLAUT: usize = 6;

/// One spelling for sounds that passports and tables spell in several ways.
fn fold(word: &str) -> String {
    let mut folded = word.to_owned();
    if word.len() >= SHORTEST_WITH_UMLAUT {
        for (written, meant) in UMLAUTS {
            folded = folded.replace(written, meant);
        }
    }
    for (written, meant) in SPELLINGS {
        if folded.contains(written) {
            folded = folded.replace(written, meant);
        }
    }
    let letters: Vec<char> = folded.chars().collect();
    let mut kept = String::with_capacity(letters.len());
    for (at, letter) in letters.iter().enumerate() {
        let is_hard = *letter == 'c' && !matches!(letters.get(at + 1), Some('h' | 'e' | 'i' | 'z'));
        let letter = if is_hard { 'k' } else { *letter };
        if !kept.ends_with(letter) {
            kept.push(letter);
        }
    }
    kept
}

/// The consonants of a word that vowelless scripts write. `v` stands for the long `u` as well, so it goes.
fn bones(word: &str) -> String {
    let mut bones = String::with_capacity(word.len());
    for letter in word.chars().filter(|letter| !matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'v')) {
        if !bones.ends_with(letter) {
            bones.push(letter);
        }
    }
    bones
}

fn count(words: &[String]) -> Letters {
    let mut letters = Letters::default();
    for byte in words.iter().flat_map(|word| word.bytes()).filter(u8::is_ascii_lowercase) {
        let place = &mut letters[usize::from(byte - b'a')];
        *place = place.saturating_add(1);
    }
    letters
}

/// Most pairs of names are told apart by their letters alone, which costs next to nothing.
fn may_be_alike(left: &Letters, right: &Letters) -> bool {
    let (mut shared, mut in_left, mut in_right) = (0_u16, 0_u16, 0_u16);
    for (one, other) in left.iter().zip(right) {
        shared += u16::from(*one.min(other));
        in_left += u16::from(*one);
        in_right += u16::from(*other);
    }
    f64::from(shared) >= f64::from(in_left.min(in_right)) * SHARED_LETTERS
}

/// The words of the shorter name, each beside the word of the other that is most like it.
fn by_words(left: &[String], right: &[String]) -> f64 {
    let (shorter, longer) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if shorter.is_empty() || (shorter.len() == 1 && longer.len() > 1) {
        // One word alone is anybody's.
        return 0.0;
    }
    if shorter.len() < longer.len() { aligned(shorter, longer) } else { aligned(left, right).max(aligned(right, left)) }
}

fn aligned(shorter: &[String], longer: &[String]) -> f64 {
    let mut is_used = [false; MOST_WORDS];
    let (mut found, mut all) = (0.0, 0.0);
    for word in shorter {
        let free = longer.iter().enumerate().take(MOST_WORDS).filter(|(place, _)| !is_used[*place]);
        let best = free
            .map(|(place, other)| (place, same_word(word, other)))
            .max_by(|(_, one), (_, other)| one.total_cmp(other))
            .filter(|(_, likeness)| *likeness > 0.0);
        let weight = length(word);
        all += weight;
        if let Some((place, likeness)) = best {
            is_used[place] = true;
            found += weight * likeness;
        }
    }
    let left_over = longer.len() - shorter.len();
    found / all - 0.02 * f64::from(u8::try_from(left_over).unwrap_or(u8::MAX))
}

fn length(word: &str) -> f64 {
    f64::from(u16::try_from(word.len()).unwrap_or(u16::MAX))
}

/// How alike two words are; 0 when they are simply two words. Short ones must be equal.
fn same_word(left: &str, right: &str) -> f64 {
    if left == right {
        return 1.0;
    }
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short.len() == 1 {
        return if long.starts_with(short) { 0.9 } else { 0.0 };
    }
    if short.len() < 5 {
        return if short.len() == 4 && strsim::osa_distance(short, long) == 1 { 0.75 } else { 0.0 };
    }
    Some(strsim::jaro_winkler(left, right)).filter(|likeness| *likeness >= SAME_WORD).unwrap_or(0.0)
}

/// The names without gaps, one of them begun at each of its words: families come first or last.
fn run_together(left: &[String], right: &[String]) -> f64 {
    let whole = left.concat();
    let best = (0..right.len()).map(|start| {
        let turned = [&right[start..], &right[..start]].concat().concat();
        if turned == whole { 1.0 } else { strsim::normalized_levenshtein(&whole, &turned) }
    });
    best.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_known_in_other_scripts_orders_and_spellings() {
        for (one, other) in [
            ("Li Xiaolong", "李小龙"),
            ("Xiao-Long LI", "李小龙"),
            ("Li Xiao Long", "Xiaolong Li"),
            ("Ouyang Nana", "欧阳娜娜"),
            ("Ye Wen", "叶文"),
            ("Xi Jinping", "习近平"),
            ("Kim Min-ho", "김민호"),
            ("Wang Wei", "王伟"),
            ("Ivan Ivanov", "Иванов Иван Петрович"),
            ("Yuri Gagarin", "Юрий Гагарин"),
            ("Alexey Navalny", "Алексей Навальный"),
            ("Tchaikovsky Pyotr", "Пётр Чайковский"),
            ("Mohammed Hussein", "محمد حسين"),
            ("Muhammad Husain", "محمد حسين"),
            ("Yusuf al-Rashid", "يوسف الرشيد"),
            ("Ahmad Abdullah", "أحمد عبد الله"),
            ("Fatima Al Zahra", "فاطمة الزهراء"),
            ("Vladimir Zelensky", "Volodymyr Zelenskyy"),
            ("Nguyễn Văn An", "Nguyen Van An"),
            ("Jürgen Müller", "Juergen Mueller"),
            ("José Álvarez", "ALVAREZ Jose"),
            ("John Fitzgerald Kennedy", "John Kennedy"),
            ("John F. Kennedy", "Kennedy, John Fitzgerald"),
            ("Dr. Ada Lovelace", "Lovelace Ada"),
            ("Sean O'Brien", "Sean O’Brien"),
            ("Catherine Johnson", "Katherine Johnson"),
            ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
        ] {
            let likeness = NameKey::of(one).likeness(&NameKey::of(other));
            assert!(likeness >= LIKELY, "{one} and {other}: {likeness}");
            assert_eq!(likeness, NameKey::of(other).likeness(&NameKey::of(one)), "{one} and {other} both ways");
        }
    }

    #[test]
    fn two_people_are_told_apart() {
        for (one, other) in [
            ("Wang Wei", "Wang Wen"),
            ("Wang Wei", "Zhang Wei"),
            ("李小龙", "李大龙"),
            ("Ada Lovelace", "Ada Byron"),
            ("Ivan Ivanov", "Ivan Petrov"),
            ("Mohammed Ali", "Mohammed Hussein"),
            ("محمد علي", "محمود عباس"),
            ("Ali", "Ali Hassan"),
            ("John Smith", "Jane Smith"),
            ("Maria Garcia", "Mario Gomez"),
            ("", "Ada"),
            ("", ""),
        ] {
            let likeness = NameKey::of(one).likeness(&NameKey::of(other));
            assert!(likeness < LIKELY, "{one} and {other}: {likeness}");
        }
    }

    #[test]
    fn dates_of_birth_decide_in_doubt() {
        let same = Births::of(Some("1980-02-29"), Some("1980-02-29"));
        let differ = Births::of(Some("1980-02-29"), Some("1981-02-29"));
        assert!(same.suggest(0.8) && !Births::of(None, Some("1980-02-29")).suggest(0.8) && !differ.suggest(0.9));
        assert_eq!(Births::of(Some("old:5f"), Some("new:5f")), Births::Unknown, "made by different keys");
        assert_eq!(Births::of(Some("new:5f"), Some("new:60")), Births::Differ);
        assert!(differ.suggest(1.0) && Births::Unknown.suggest(LIKELY));
    }

    #[test]
    fn an_index_brings_spellings_of_one_name_together() {
        for (one, other) in [
            ("Li Xiaolong", "李小龙"),
            ("Mohammed Hussein", "محمد حسين"),
            ("Lovelace Ada", "ada lovelace"),
            ("Иванов Иван", "Ivan Ivanov"),
        ] {
            assert_eq!(NameKey::of(one).block(), NameKey::of(other).block(), "{one} and {other}");
        }
        assert!(!NameKey::of("Aoi Ueo").block().is_empty());
    }

    #[test]
    fn any_text_can_be_compared() {
        for text in ["---", "1234", "👩‍🔬", "\u{0}", "a", &"x ".repeat(500), "ﷺ"] {
            let key = NameKey::of(text);
            assert!((0.0..=1.0).contains(&key.likeness(&key).max(0.0)), "{text}");
            let _ = key.block();
        }
    }
}
