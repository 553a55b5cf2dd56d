//! Invented domains, the same on every machine: about 17 bytes and 2.3 labels each, as real lists have.

const SYLLABLES: [&str; 32] = [
    "an", "ber", "co", "dal", "el", "fi", "gro", "ha", "in", "jo", "ka", "lim", "mo", "ne", "or", "pa", "qui", "ra", "sol", "ti", "um",
    "vel", "wen", "xi", "yo", "zu", "shop", "play", "net", "web", "pro", "max",
];
const ENDS: [&str; 8] = ["com", "net", "org", "co.uk", "info", "de", "ru", "com"];

/// A small generator (SplitMix64), enough for names and for choosing among them.
#[derive(Debug, Clone)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// The name with this number; different for every number.
pub(crate) fn name(number: usize) -> String {
    let mut dice = Dice(number as u64 ^ 0x5eed);
    let mut name = String::new();
    if dice.below(10) < 3 {
        name.push_str(SYLLABLES[dice.below(SYLLABLES.len())]);
        name.push('.');
    }
    for _ in 0..2 + dice.below(2) {
        name.push_str(SYLLABLES[dice.below(SYLLABLES.len())]);
    }
    format!("{name}{}.{}", radix36(number), ENDS[dice.below(ENDS.len())])
}

fn radix36(mut number: usize) -> String {
    let mut text = String::new();
    while number > 0 {
        text.push(char::from(b"0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]));
        number /= 36;
    }
    text
}
