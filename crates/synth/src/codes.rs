//! Unified social credit codes (GB 32100-2015) with a valid organisation code (GB 11714) inside, unique by construction.

use super::dice::{Seed, Topic};

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Coprime to both moduli below, so that multiplying by it permutes the residues.
const STRIDE: u64 = 48_271;
const DIGIT_BODIES: u64 = 90_000_000;
const LETTER_BODIES: u64 = 31 * 31 * 31 * 31 * 31;

/// An 18-character credit code, ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct CreditCode([u8; 18]);

impl CreditCode {
    /// The code of the enterprise with this number, registered in the prefecture `region` (its first four digits).
    ///
    /// Two numbers never share an organisation code as long as both are below 28 million.
    pub(super) fn of(seed: Seed, number: u64, region: &str) -> Self {
        let offset = seed.at(Topic::Code, 0, 0).bits() % LETTER_BODIES;
        let mut dice = seed.at(Topic::Code, 1, number);
        let office = ["00", "02", "03", "22", "81", "84"][dice.below(6)];
        let body = if dice.chance(0.3) {
            // The series given out with the reform of 2015.
            let mut left = (number * STRIDE + offset) % LETTER_BODIES;
            let mut tail = [b'0'; 5];
            for character in tail.iter_mut().rev() {
                *character = ALPHABET[(left % 31) as usize];
                left /= 31;
            }
            format!("MA4{}", tail.iter().map(|&byte| char::from(byte)).collect::<String>())
        } else {
            (10_000_000 + (number * STRIDE + offset) % DIGIT_BODIES).to_string()
        };
        let mut code = [b'0'; 18];
        let head = format!("91{}{office}{body}", region.get(..4).unwrap_or("4101"));
        for (place, byte) in code.iter_mut().zip(head.bytes()) {
            *place = byte;
        }
        code[16] = organisation_check(&code[8..16]);
        code[17] = credit_check(&code[..17]);
        Self(code)
    }

    /// All 18 characters.
    pub(super) fn text(self) -> String {
        self.0.iter().map(|&byte| char::from(byte)).collect()
    }

    /// Characters 9 to 17: the organisation code, the key of the unit.
    pub(super) fn unit(self) -> String {
        self.0[8..17].iter().map(|&byte| char::from(byte)).collect()
    }

    /// The organisation code with a hyphen before its check character, as older files write it.
    pub(super) fn unit_hyphenated(self) -> String {
        let unit = self.unit();
        format!("{}-{}", &unit[..8], &unit[8..])
    }

    /// The same code with a check character that is not right.
    pub(super) fn broken(self, shift: usize) -> String {
        let right = ALPHABET.iter().position(|&byte| byte == self.0[17]).unwrap_or(0);
        let mut code = self.0;
        code[17] = ALPHABET[(right + 1 + shift % 30) % 31];
        Self(code).text()
    }
}

/// The check character of an organisation code, from its first eight.
fn organisation_check(body: &[u8]) -> u8 {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body
        .iter()
        .zip(WEIGHTS)
        .map(|(&byte, weight)| {
            let value = if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' + 10 };
            u32::from(value) * weight
        })
        .sum();
    match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + digit as u8,
    }
}

/// The check character of a credit code, from its first seventeen.
fn credit_check(head: &[u8]) -> u8 {
    let mut weight = 1;
    let mut sum = 0;
    for byte in head {
        sum += weight * ALPHABET.iter().position(|character| character == byte).unwrap_or(0);
        weight = weight * 3 % 31;
    }
    ALPHABET[(31 - sum % 31) % 31]
}
