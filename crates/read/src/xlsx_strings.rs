//! The strings of an Office Open XML workbook: those that its cells share, and those that stand in a cell.

use super::context::{Context, Outcome};
use super::limits::Counted;
use super::marked::{self, RAISED, STRUCK};
use super::plain::{self, Strings};
use super::xml::{Part, Token, Xml};

/// Reads the strings that cells share; there are none without their part.
pub(super) fn read_strings(context: &Context<'_>, text: Option<String>) -> Outcome<Strings> {
    let text = text.unwrap_or_default();
    let mut strings = Strings::default();
    let mut escaped = String::new();
    let plain = plain::strings(&text, |string| {
        escaped.clear();
        escaped.push_str(string);
        unescape(&mut escaped, 0);
        strings.push(&escaped);
    });
    if plain.is_some() {
        context.within(Counted::SharedStrings, strings.len(), context.limits.cells)?;
        return Ok(strings);
    }
    let mut strings = Strings::default();
    let mut xml = Xml::new(context, Part::Strings, &text);
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "si" => {
                escaped.clear();
                read_string(&mut xml, "si", &mut escaped)?;
                strings.push(&escaped);
                context.within(Counted::SharedStrings, strings.len(), context.limits.cells)?;
            }
            Token::End => return Ok(strings),
            _ => {}
        }
    }
}

/// Appends the text of a string item up to its end: plain, or in runs of several styles; not how it is pronounced. What is raised behind
/// a figure or struck out is told from the figure.
pub(super) fn read_string(xml: &mut Xml<'_>, until: &str, out: &mut String) -> Outcome<()> {
    let mut mark = None;
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "r" => mark = None,
            Token::Open(tag) if tag.name() == "vertAlign" => {
                let [way] = xml.attributes(&tag, ["val"])?;
                mark = way.filter(|way| way == "superscript").map(|_| RAISED).or(mark);
            }
            Token::Open(tag) if tag.name() == "strike" => {
                let [is_struck] = xml.attributes(&tag, ["val"])?;
                let is_struck = !is_struck.is_some_and(|said| said == "0" || said == "false");
                mark = is_struck.then_some(STRUCK).or(mark);
            }
            Token::Open(tag) if tag.name() == "t" => {
                marked::start(out, mark);
                let from = out.len();
                xml.text_into(out)?;
                unescape(out, from);
            }
            Token::Open(tag) if tag.name() == "rPh" => xml.skip()?,
            Token::Close(name) if name.name() == until => return Ok(()),
            Token::End => return Ok(()),
            _ => {}
        }
    }
}

/// Resolves what Excel writes for characters that XML cannot hold: `_x000D_` is a carriage return.
pub(super) fn unescape(text: &mut String, from: usize) {
    if !text.get(from..).is_some_and(|new| new.contains("_x")) {
        return;
    }
    let escaped = text.split_off(from);
    let mut rest = escaped.as_str();
    while let Some(at) = rest.find("_x") {
        let (before, code) = rest.split_at(at);
        text.push_str(before);
        let hex = code.get(2..6).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let closed = code.get(6..7) == Some("_");
        match hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32).filter(|_| closed) {
            Some(c) => {
                text.push(c);
                rest = code.get(7..).unwrap_or_default();
            }
            None => {
                text.push_str("_x");
                rest = code.get(2..).unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
}
