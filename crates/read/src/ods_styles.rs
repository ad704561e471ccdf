//! The number formats of an OpenDocument spreadsheet: each is spelled out in elements, and put together here to the code that other
//! formats have.

use std::collections::HashMap;

use super::cell::{Meaning, Style};
use super::context::Outcome;
use super::xml::{Tag, Token, Xml};

/// What each cell style makes of its cells, by its name.
#[derive(Default)]
pub(super) struct Styles {
    /// Of the number formats themselves.
    formats: HashMap<String, Meaning>,
    cells: HashMap<String, Style>,
    /// The style being read.
    name: String,
}

impl Styles {
    /// Takes an element if it belongs to styles.
    pub fn take(&mut self, xml: &mut Xml<'_>, tag: &Tag<'_>) -> Outcome<()> {
        let name = || tag.attribute("name").unwrap_or_default().into_owned();
        match tag.name() {
            "number-style" | "percentage-style" | "currency-style" | "date-style" => {
                let code = code(xml, tag.name())?;
                self.formats.insert(name(), Meaning::of_code(&code));
            }
            "style" => {
                let format = tag.attribute("data-style-name");
                let meaning = format.and_then(|format| self.formats.get(&*format).copied());
                let parent = self.named(tag, "parent-style-name").unwrap_or_default();
                self.name = name();
                self.cells.insert(name(), Style { meaning: meaning.unwrap_or(parent.meaning), ..parent });
            }
            "paragraph-properties" => {
                let margin = tag.attribute("margin-left").and_then(|length| centimetres(&length));
                if let (Some(style), Some(margin)) = (self.cells.get_mut(&self.name), margin) {
                    style.indent = (margin / STEP).round().clamp(0.0, 255.0) as u8;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Of what an element's attribute names.
    pub fn named(&self, tag: &Tag<'_>, attribute: &str) -> Option<Style> {
        tag.attribute(attribute).and_then(|name| self.cells.get(&*name).copied())
    }
}

/// How far one step sets a text in, in centimetres: ten points.
const STEP: f64 = 0.353;

/// A length of a style in centimetres.
fn centimetres(length: &str) -> Option<f64> {
    let units = [("cm", 1.0), ("mm", 0.1), ("in", 2.54), ("pt", 2.54 / 72.0)];
    units.iter().find_map(|(unit, size)| Some(length.trim().strip_suffix(unit)?.parse::<f64>().ok()? * size))
}

/// The code of the number format that has just begun.
fn code(xml: &mut Xml<'_>, until: &str) -> Outcome<String> {
    let mut code = String::new();
    loop {
        match xml.next()? {
            Token::Open(tag) => match tag.name() {
                "text" => {
                    let mut text = String::new();
                    xml.text_into(&mut text)?;
                    code.push_str(&if text == "%" && until == "percentage-style" { text } else { quoted(&text) });
                }
                "number" => code.push_str(&digits(xml, &tag)?),
                "scientific-number" | "fraction" => code.push_str("0E+0"),
                "year" => code.push('y'),
                "month" => code.push('m'),
                "day" => code.push('d'),
                "hours" => code.push('h'),
                "seconds" => code.push('s'),
                _ => {}
            },
            Token::Close(name) if name.name() == until => return Ok(code),
            Token::End => return Ok(code),
            _ => {}
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', ""))
}

/// The places of the digits, with what is written among them, the decimals and a comma for each thousand that is left out.
fn digits(xml: &mut Xml<'_>, tag: &Tag<'_>) -> Outcome<String> {
    /// More places than any number has.
    const MOST: usize = 32;
    let mut among: Vec<(usize, String)> = Vec::new();
    loop {
        match xml.next()? {
            Token::Open(inner) if inner.name() == "embedded-text" => {
                let mut text = String::new();
                xml.text_into(&mut text)?;
                among.push((inner.number("position").unwrap_or(0).min(MOST), text));
            }
            Token::Close(name) if name.name() == "number" => break,
            Token::End => break,
            _ => {}
        }
    }
    let places = |name| tag.number::<usize>(name).unwrap_or(0).min(MOST);
    let whole = places("min-integer-digits").max(among.iter().map(|(at, _)| at + 1).max().unwrap_or(1));
    let mut code = String::new();
    for left in (0..whole).rev() {
        code.push('0');
        among.iter().filter(|(at, _)| *at == left).for_each(|(_, text)| code.push_str(&quoted(text)));
    }
    let decimals = places("decimal-places");
    if decimals > 0 {
        code.push('.');
        code.extend(std::iter::repeat_n('0', decimals));
    }
    let mut factor: f64 = tag.number("display-factor").unwrap_or(1.0);
    while (1_000.0..=1e15).contains(&factor) {
        code.push(',');
        factor /= 1_000.0;
    }
    Ok(code)
}
