//! What the program says of files, stores and settings stands in Chinese and in English at the place where it is said.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::LitStr;
use vocab::{Said, said};

use crate::tidy::SOURCES;

/// A call of a macro or a function by its name, with the texts that begin it.
struct Call {
    name: String,
    texts: Vec<String>,
}

/// Every call in a source text, those within macros too.
fn calls(text: &str) -> Vec<Call> {
    fn walk(tokens: TokenStream, found: &mut Vec<Call>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = token else { continue };
            let name =
                tokens[..at].iter().rev().find(|before| !matches!(before, TokenTree::Punct(p) if p.as_char() == '!'));
            if let Some(TokenTree::Ident(name)) = name {
                let texts = texts(group.stream());
                found.push(Call { name: name.to_string(), texts });
            }
            walk(group.stream(), found);
        }
    }
    let mut found = Vec::new();
    walk(text.parse().expect("a source file"), &mut found);
    found
}

/// The literal texts that arguments begin with, that of a `format!` too.
fn texts(arguments: TokenStream) -> Vec<String> {
    let mut texts = Vec::new();
    let arguments: Vec<TokenTree> = arguments.into_iter().collect();
    if let [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Group(of), ..] = arguments.as_slice()
        && name == "format"
    {
        return self::texts(of.stream());
    }
    for token in arguments {
        match &token {
            TokenTree::Literal(_) => match syn::parse2::<LitStr>(token.into()) {
                Ok(text) => texts.push(text.value()),
                Err(_) => break,
            },
            TokenTree::Punct(punct) if punct.as_char() == ',' => {}
            _ => break,
        }
    }
    texts
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// The places of a text that are filled.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

/// Whether a text has words of English, one behind the other, but for what is filled in and what is quoted as typed.
fn has_english(text: &str) -> bool {
    let own: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let own: Vec<&str> = own
        .split('{')
        .enumerate()
        .map(|(at, part)| match at {
            0 => part,
            _ => part.split_once('}').map_or("", |(_, rest)| rest),
        })
        .collect();
    let own = own.join(" ");
    let words: Vec<bool> =
        own.split(' ').map(|word| word.len() > 1 && word.bytes().all(|c| c.is_ascii_lowercase())).collect();
    words.windows(2).any(|pair| pair == [true, true])
}

#[test]
fn what_is_said_is_said_in_chinese_and_in_english_with_the_same_places() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for (file, text) in SOURCES.iter() {
        for call in calls(text).iter().filter(|call| call.name == "said" && call.texts.len() == 2) {
            count += 1;
            let [zh, en] = [&call.texts[0], &call.texts[1]];
            let is_example = |word: &str| !is_chinese(word) || zh.contains(word);
            let is_english = en.split(|c: char| c.is_ascii() && c != '-').all(is_example);
            if (!is_chinese(zh) && has_english(en)) || !is_english || (has_english(en) && places(zh) != places(en)) {
                wrong.push(format!("{file}: {zh:?} {en:?}"));
            }
        }
    }
    assert!(count > 200, "only {count} texts were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_english_sentence_is_given_as_the_words_of_a_file() {
    let mut wrong = Vec::new();
    for (file, text) in SOURCES.iter().filter(|(file, _)| !file.contains("/synth/")) {
        let calls = calls(text);
        for call in &calls {
            let is_words = ["value", "words"].contains(&call.name.as_str());
            if is_words && call.texts.iter().any(|text| has_english(text)) {
                wrong.push(format!("{file}: {:?}", call.texts));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_lies_in_what_is_said_is_in_the_same_language() {
    let (rows, part) = (7, said!("注释", "notes"));
    let said = said!("{part}：{rows} 行", "{part}: {rows} rows"; part);
    assert_eq!((said.zh(), said.en()), ("注释：7 行", "notes: 7 rows"));
    assert_eq!(said.to_string(), "notes: 7 rows");
    let words = Said::words("营业收入");
    assert_eq!((words.zh(), words.en(), words.is_in_both()), ("营业收入", "营业收入", false));
    let both = Said::join([&words, &part], "、", ", ");
    assert_eq!((both.zh(), both.en()), ("营业收入、注释", "营业收入, notes"));
}
