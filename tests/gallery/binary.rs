//! The binary half: workbooks.

use super::{Case, case, check};
use crate::support::exports::{compound, compound_of};

#[test]
fn the_binary_half_gives_what_it_says() {
    check("binary", CASES);
}

/// A workbook whose stream another tool has encrypted.
macro_rules! sealed {
    ($name:literal) => {
        || compound("Workbook", include_bytes!(concat!("parts/", $name, ".Workbook")).to_vec())
    };
    ($info:literal, $package:literal) => {
        || {
            let info = include_bytes!(concat!("parts/", $info, ".EncryptionInfo")).to_vec();
            let package = include_bytes!(concat!("parts/", $package, ".EncryptedPackage")).to_vec();
            compound_of(&[("EncryptionInfo", info), ("EncryptedPackage", package)])
        }
    };
}

const CASES: &[Case] = &[
    case("the default password, RC4", "a.xls", sealed!("rc4")),
    case("the default password, RC4 CryptoAPI, 40 bits", "a.xls", sealed!("cryptoapi-40")),
    case("the default password, RC4 CryptoAPI, 128 bits", "a.xls", sealed!("cryptoapi-128")),
    case("the default password, XOR", "a.xls", sealed!("xor")),
    case("the default password, standard AES, 128 bits", "a.xlsx", sealed!("standard-128", "standard-128")),
    case("the default password, standard AES, 256 bits", "a.xlsx", sealed!("standard-256", "standard-256")),
    case("the default password, agile AES", "a.xlsx", sealed!("agile-256", "agile-256")),
    case("another password, RC4", "a.xls", sealed!("rc4-other")),
    case("another password, RC4 CryptoAPI", "a.xls", sealed!("cryptoapi-other")),
    case("another password, XOR", "a.xls", sealed!("xor-other")),
    case("another password, standard AES", "a.xlsx", sealed!("standard-other", "standard-128")),
    case("another password, agile AES", "a.xlsx", sealed!("agile-other", "agile-256")),
];
