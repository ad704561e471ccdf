//! What a number format makes of a number: the figure that a person sees may be a hundred times the one that is stored, or a ten
//! thousandth, and the unit may stand nowhere else.
//!
//! Shown is the value × 100 for each `%`, ÷ 1000 for each comma behind the last digit, ÷ 10 for each digit behind a dot that is
//! only written (`0!.0,` shows 123456 as 12.3: in 万). The cell then holds the figure as shown, with all its digits, and behind a thin
//! space what the format writes or hides: `12.3456 万元`. [`vocab::number`] reads it.

use vocab::number::MARK;
use vocab::unit::{self, Unit};

/// What a format makes of the numbers of one of its sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Shown {
    /// The figure is the value times this power of ten.
    pub power: i32,
    mark: Mark,
}

/// What stands behind the figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mark {
    #[default]
    None,
    /// `%` or `‰`.
    Sign(char),
    /// A unit.
    Unit(&'static Unit),
    /// A power of ten as a word: `12.3万`.
    Word(&'static str),
    /// A power of ten of which nothing is seen.
    Hidden(&'static str),
    /// A part of the year that the number counts: `3月`.
    Time(&'static str),
    /// The format contradicts itself, or a program that did not understand it saved it otherwise.
    Lost,
}

impl Shown {
    /// Appends what stands behind the figure.
    pub fn end(self, out: &mut String) {
        match self.mark {
            Mark::None => {}
            Mark::Sign(sign) => out.push(sign),
            Mark::Unit(unit) => out.extend([MARK, unit.name]),
            Mark::Time(word) => out.push_str(word),
            Mark::Word(word) => out.extend([MARK, word]),
            Mark::Hidden(word) => out.extend([MARK, "(", word, ")"]),
            Mark::Lost => out.extend([MARK, "!"]),
        }
    }
}

/// The sections of a format that change what is read; none of them for most.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sections {
    sections: [Shown; 3],
    count: usize,
    conditions: [Option<(Comparison, f64)>; 3],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
    NotEqual,
}

impl Sections {
    /// The sections of a format code; none where they show every number as it is.
    pub fn of_code(code: &str) -> Option<Sections> {
        let mut sections = Sections::default();
        for text in split(code).into_iter().take(3) {
            let (shown, condition) = section(&text);
            sections.sections[sections.count] = shown;
            sections.conditions[sections.count] = condition;
            sections.count += 1;
        }
        let used = &sections.sections[..sections.count];
        used.iter().any(|shown| *shown != Shown::default()).then_some(sections)
    }

    /// A percentage, as formats that are known by a number or a name have it.
    pub fn percent() -> Sections {
        let shown = Shown { power: 2, mark: Mark::Sign('%') };
        Sections { sections: [shown; 3], count: 1, conditions: [None; 3] }
    }

    /// What a number is shown as.
    pub fn of(&self, value: f64) -> Shown {
        let at = if self.conditions.iter().any(Option::is_some) {
            let holds = |condition: &Option<(Comparison, f64)>| condition.is_none_or(|(how, to)| how.holds(value, to));
            self.conditions[..self.count].iter().position(holds).unwrap_or(self.count.saturating_sub(1))
        } else if value < 0.0 && self.count > 1 {
            1
        } else {
            0
        };
        self.sections.get(at).copied().unwrap_or_default()
    }
}

impl Comparison {
    fn holds(self, value: f64, to: f64) -> bool {
        match self {
            Comparison::Less => value < to,
            Comparison::LessOrEqual => value <= to,
            Comparison::Equal => value == to,
            Comparison::GreaterOrEqual => value >= to,
            Comparison::Greater => value > to,
            Comparison::NotEqual => value != to,
        }
    }
}

/// What stands in a section, once quotes and escapes are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// A place for a digit.
    Digit,
    Point,
    Comma,
    Percent,
    /// A character that is only written.
    Literal(char),
}

/// The sections of a code: separated by semicolons that are not quoted.
fn split(code: &str) -> Vec<String> {
    let (mut sections, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in code.chars() {
        let ends = c == ';' && !quoted && !escaped;
        quoted ^= c == '"' && !escaped;
        escaped = !escaped && !quoted && matches!(c, '\\' | '!' | '_' | '*');
        match sections.last_mut() {
            Some(last) if !ends => last.push(c),
            _ => sections.push(String::new()),
        }
    }
    sections
}

/// Reads one section, with the condition under which it is used.
fn section(text: &str) -> (Shown, Option<(Comparison, f64)>) {
    let text = ["General", "G/通用格式"].iter().fold(text.to_owned(), |text, word| text.replace(word, "0"));
    let (mut tokens, mut condition) = (Vec::new(), None);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' | '!' => tokens.extend(chars.next().map(Token::Literal)),
            '_' | '*' => {
                chars.next();
            }
            '"' => tokens.extend(chars.by_ref().take_while(|c| *c != '"').map(Token::Literal)),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                condition = condition.or_else(|| comparison(&inside));
            }
            '0' | '#' | '?' => tokens.push(Token::Digit),
            '.' => tokens.push(Token::Point),
            ',' => tokens.push(Token::Comma),
            '%' => tokens.push(Token::Percent),
            // Exponents and fractions show what they are, and `@` is for texts.
            'E' | 'e' | '/' | '@' => return (Shown::default(), condition),
            other => tokens.push(Token::Literal(other)),
        }
    }
    (shown(&tokens), condition)
}

/// A condition in brackets: `>=10000`.
fn comparison(inside: &str) -> Option<(Comparison, f64)> {
    const SIGNS: [(&str, Comparison); 6] = [
        ("<=", Comparison::LessOrEqual),
        (">=", Comparison::GreaterOrEqual),
        ("<>", Comparison::NotEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
        ("=", Comparison::Equal),
    ];
    SIGNS.iter().find_map(|(sign, how)| Some((*how, inside.strip_prefix(sign)?.trim().parse().ok()?)))
}

/// What the tokens of a section make of a number.
fn shown(tokens: &[Token]) -> Shown {
    let Some(last) = tokens.iter().rposition(|token| *token == Token::Digit) else { return Shown::default() };
    let digits = |tokens: &[Token]| tokens.iter().filter(|token| **token == Token::Digit).count() as i32;
    let percents = tokens.iter().filter(|token| **token == Token::Percent).count() as i32;
    let commas = tokens[last + 1..].iter().take_while(|token| **token == Token::Comma).count() as i32;
    let point = tokens[..last].iter().position(|token| *token == Token::Point);
    let dot = tokens[..last].iter().position(|token| *token == Token::Literal('.'));
    let behind_dot = match (point, dot) {
        (None, Some(dot)) if digits(&tokens[..dot]) > 0 => digits(&tokens[dot..]),
        _ => 0,
    };
    // A program that takes `!` for a mere character writes `0\!.0,`, and shows nothing of what was meant.
    let lost = point.and_then(|at| tokens.get(at.checked_sub(1)?)) == Some(&Token::Literal('!'));
    let down = 3 * commas + behind_dot;
    let literal = |token: &Token| if let Token::Literal(c) = token { Some(*c) } else { None };
    let word: String = tokens[last + 1..].iter().filter_map(literal).collect();
    // 第3名 is a place among others and no number of persons.
    let first = tokens.iter().position(|token| *token == Token::Digit).unwrap_or(last);
    let is_ordinal = tokens[..first].iter().rev().find_map(literal) == Some('第');
    let mark = match mark(word.trim(), percents, down) {
        _ if lost => Mark::Lost,
        Mark::Unit(_) if is_ordinal => Mark::Lost,
        mark => mark,
    };
    let power = if mark == Mark::Lost { 0 } else { 2 * percents - down };
    Shown { power, mark }
}

/// What stands behind a figure that is divided by so many powers of ten.
fn mark(word: &str, percents: i32, down: i32) -> Mark {
    let hidden = || unit::power_word(10_i64.checked_pow(down.unsigned_abs()).unwrap_or(0));
    if percents > 0 {
        return if percents == 1 && down == 0 { Mark::Sign('%') } else { Mark::Lost };
    }
    match word.chars().next() {
        Some(sign @ ('%' | '‰')) if word.chars().count() == 1 && down == 0 => return Mark::Sign(sign),
        _ => {}
    }
    let word = word.trim_matches(['(', ')', '（', '）', ' ', '\u{3000}']);
    const TIMES: [&str; 3] = ["月", "季度", "季"];
    if let Some(time) = TIMES.iter().find(|time| **time == word).filter(|_| down == 0) {
        return Mark::Time(time);
    }
    let factor = 10_i64.checked_pow(down.unsigned_abs()).unwrap_or(0);
    if let Some(unit) = unit::known(word).filter(|_| !word.is_ascii()) {
        return if down == 0 || unit::power_of(unit) == factor { Mark::Unit(unit) } else { Mark::Lost };
    }
    if let Some(power) = unit::power_named(word) {
        let named = unit::power_word(power).map_or(Mark::Lost, Mark::Word);
        return if down == 0 || power == factor { named } else { Mark::Lost };
    }
    match down {
        0 => Mark::None,
        _ => hidden().map_or(Mark::Lost, Mark::Hidden),
    }
}
