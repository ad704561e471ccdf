//! The sample as a whole, through the public door only.

use std::collections::BTreeMap;
use std::io;

use synth::{Options, Output, Quarter, Truth, write};

#[derive(Default)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl Output for Memory {
    fn create(&mut self, name: &str) -> io::Result<Box<dyn io::Write + '_>> {
        Ok(Box::new(self.0.entry(name.to_owned()).or_default()))
    }
}

fn options(seed: u64) -> Options {
    Options {
        seed,
        enterprises: 40,
        parks: 6,
        from: Quarter::new(2017, 1).unwrap(),
        quarters: 6,
        truth: Truth::Full,
        anchors: None,
        doubt: Vec::new(),
    }
}

fn sample(options: &Options) -> BTreeMap<String, Vec<u8>> {
    let mut memory = Memory::default();
    write(options, &mut memory, &mut |_, _| {}).unwrap();
    memory.0
}

#[test]
fn a_seed_gives_the_same_bytes_and_another_seed_others() {
    let first = sample(&options(1));
    assert_eq!(first, sample(&options(1)));
    assert_ne!(first, sample(&options(2)));
}

#[test]
fn every_export_says_that_it_is_synthetic() {
    for (name, bytes) in sample(&options(1)) {
        let is_text = name.ends_with(".csv") || name.ends_with(".txt") || name.ends_with(".xls");
        if name.starts_with("exports/") && is_text {
            let marked = bytes.windows(21).any(|window| window == b"synthetic sample data");
            assert!(marked, "{name}");
        }
    }
}

#[test]
fn counts_of_rows_are_right() {
    let files = sample(&options(3));
    let inputs = String::from_utf8(files["truth/inputs.csv"].clone()).unwrap();
    for line in inputs.lines().skip(1) {
        let (file, rows) = line.rsplit_once(',').unwrap();
        let bytes = &files[&format!("exports/{file}")];
        if file.starts_with("税务/") {
            let lines = bytes.iter().filter(|&&byte| byte == b'\n').count();
            assert_eq!(lines - 4, rows.parse::<usize>().unwrap(), "{file}");
        }
    }
}

#[test]
fn limits_are_told() {
    let refused = |change: fn(&mut Options)| {
        let mut options = options(1);
        change(&mut options);
        options.validate().unwrap_err().to_string()
    };
    assert_eq!(
        refused(|options| options.parks = 187),
        "parks: 187 is not within 1..=186, the parks that are known by name"
    );
    assert_eq!(
        refused(|options| options.enterprises = 5),
        "enterprises: 5 is not within 6..=1000000 (every park has at least one)"
    );
    assert_eq!(refused(|options| options.quarters = 0), "quarters: 0 is not within 1..=80");
}

#[test]
fn the_smallest_sample_can_be_made() {
    let options = Options { enterprises: 1, parks: 1, quarters: 1, ..options(9) };
    assert!(sample(&options).contains_key("truth/indicators.csv"));
}

/// GB 32100-2015 and GB 11714, written apart from the generator.
fn is_valid(code: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let outer = (0..17)
        .zip(code.chars())
        .fold((0, 1), |(sum, weight), (_, c)| (sum + weight * ALPHABET.find(c).unwrap(), weight * 3 % 31));
    let inner: u32 =
        code[8..16].chars().zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(c, weight)| c.to_digit(36).unwrap() * weight).sum();
    let check = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "X", "0"][(11 - inner % 11) as usize];
    ALPHABET[(31 - outer.0 % 31) % 31..].starts_with(&code[17..]) && &code[16..17] == check
}

#[test]
fn credit_codes_are_valid_and_unique() {
    assert!(["91350100M000100Y43", "91410000170001401D", "9144030071526726XG"].into_iter().all(is_valid));
    let files = sample(&Options { enterprises: 3000, quarters: 1, ..options(5) });
    let register = String::from_utf8(files["config/registers/enterprise_park.csv"].clone()).unwrap();
    let mut units: Vec<&str> = register.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert!(register.lines().skip(1).all(|line| is_valid(line.split(',').nth(1).unwrap())));
    units.sort();
    units.dedup();
    assert_eq!(units.len(), 3000);
}
