//! A look at the tags of a web page before it is parsed: how many there are, and how deep they lie in one another.
//!
//! A parser of HTML repairs what it reads, and takes a time for it that grows with the depth at every tag; elements
//! that are never closed it even repeats. A few hundred levels do no harm, and no page has more.

use memchr::memchr;

use super::context::{Context, Outcome};
use super::limits::Counted;
use vocab::said;

/// Refuses a page with more elements, deeper ones or more attributes than the limits allow.
pub(super) fn check(context: &Context<'_>, text: &str) -> Outcome<()> {
    let limits = context.limits;
    let mut open = Open::default();
    let (mut elements, mut at, mut tables) = (0, 0, 0usize);
    let bytes = text.as_bytes();
    while let Some(start) = bytes.get(at..).and_then(|rest| memchr(b'<', rest)).map(|skip| at + skip) {
        let rest = text.get(start + 1..).unwrap_or_default();
        let (tag, len) = Tag::of(rest);
        at = start + 1 + len;
        match tag {
            Tag::None => {}
            Tag::Close(name) => {
                open.close(name);
                tables = tables.saturating_sub(usize::from(name.eq_ignore_ascii_case("table")));
            }
            Tag::Open { name, whole, attributes } => {
                elements += 1;
                context.within(Counted::Elements, elements, limits.elements)?;
                context.within(Counted::Attributes, attributes, limits.attributes)?;
                open.open(name, whole);
                tables += usize::from(name.eq_ignore_ascii_case("table"));
                context.within(Counted::Levels, open.depth(), limits.nesting)?;
                if is_raw(name) && !open.is_in_drawing() {
                    at += end_of_raw(text.get(at..).unwrap_or_default(), name);
                }
            }
        }
    }
    // A browser shows what is there of it, and nobody sees that the rest is missing.
    if tables > 0 {
        Err(context.cut_off(said!("网页在表格中间结束", "the page ends inside a table")))
    } else {
        Ok(())
    }
}

enum Tag<'a> {
    /// A comment, a declaration, or a `<` that begins nothing.
    None,
    Close(&'a str),
    Open {
        name: &'a str,
        /// All that stands between the angles.
        whole: &'a str,
        /// At most this many attributes.
        attributes: usize,
    },
}

impl<'a> Tag<'a> {
    /// The tag that begins behind `<`, and its length.
    fn of(rest: &'a str) -> (Tag<'a>, usize) {
        if rest.starts_with("!--") {
            return (Tag::None, end_of_comment(rest));
        }
        let is_close = rest.starts_with('/');
        let from = usize::from(is_close);
        let named = rest.get(from..).unwrap_or_default();
        if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return (Tag::None, from);
        }
        let (len, attributes) = extent(named);
        let whole = named.get(..len).unwrap_or(named);
        let name = whole.split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or_default();
        let tag = if is_close { Tag::Close(name) } else { Tag::Open { name, whole, attributes } };
        (tag, (from + len + 1).min(rest.len()))
    }
}

/// How far it is behind a comment, from its `!--`: `-->` or `--!>`, but also `<!-->` is a whole one.
fn end_of_comment(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let is_end = |at: &usize| {
        let before = bytes.get(1..*at).unwrap_or_default();
        before.ends_with(b"--") || (*at > 5 && before.ends_with(b"--!"))
    };
    memchr::memchr_iter(b'>', bytes).find(is_end).map_or(rest.len(), |at| at + 1)
}

/// Where a tokenizer is within a tag.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    Value,
    Quoted(u8),
}

/// The length of a tag up to its closing angle, and how many attributes it has. An angle in quotes closes nothing, and a
/// quote is one only where a value begins.
fn extent(tag: &str) -> (usize, usize) {
    use Within::*;
    let (mut within, mut attributes) = (TagName, 0);
    for (at, byte) in tag.bytes().enumerate() {
        within = match (within, byte) {
            (Quoted(quote), byte) if byte == quote => BeforeName,
            (Quoted(quote), _) => Quoted(quote),
            (_, b'>') => return (at, attributes),
            (BeforeValue, b'"' | b'\'') => Quoted(byte),
            (BeforeValue, b' ' | b'\t' | b'\n' | b'\r' | 0x0C) => BeforeValue,
            (Value, b' ' | b'\t' | b'\n' | b'\r' | 0x0C) => BeforeName,
            (BeforeValue | Value, _) => Value,
            (Name | AfterName, b'=') => BeforeValue,
            (Name | AfterName, b' ' | b'\t' | b'\n' | b'\r' | 0x0C) => AfterName,
            (_, b'/' | b' ' | b'\t' | b'\n' | b'\r' | 0x0C) => BeforeName,
            (TagName, _) => TagName,
            (BeforeName | AfterName, _) => {
                attributes += 1;
                Name
            }
            (Name, _) => Name,
        };
    }
    (tag.len(), attributes)
}

/// Elements whose content is text up to their end tag, whatever stands there.
fn is_raw(name: &str) -> bool {
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"]
        .iter()
        .any(|raw| name.eq_ignore_ascii_case(raw))
}

/// How far it is to the end tag of such an element.
fn end_of_raw(text: &str, name: &str) -> usize {
    let bytes = text.as_bytes();
    let is_end = |at: &usize| {
        let tag = bytes.get(at + 2..at + 2 + name.len());
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
    };
    memchr::memmem::find_iter(bytes, b"</").find(is_end).unwrap_or(bytes.len())
}

/// The elements that are open, as a parser would have them: roughly, and never fewer where it matters.
#[derive(Default)]
struct Open<'a> {
    elements: Vec<Element<'a>>,
    /// Elements of style that no end tag has closed. They outlive what they stand in, and are opened again behind it.
    styles: Vec<Style<'a>>,
}

struct Element<'a> {
    name: &'a str,
    /// How many styles there were: a cell keeps its own to itself.
    styles: usize,
}

struct Style<'a> {
    name: &'a str,
    whole: &'a str,
}

/// Elements that an end tag does not reach out of.
const FENCES: [&str; 11] =
    ["table", "td", "th", "caption", "template", "html", "button", "object", "applet", "marquee", "select"];
const STYLES: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
const VOID: [&str; 17] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "wbr",
];
/// Elements that mean something in the structure of a page: end tags of others do not reach over them.
const SPECIAL: &str = " address applet area article aside base basefont bgsound blockquote body br button caption center \
    col colgroup dd details dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 \
    head header hgroup hr html iframe img input keygen li link listing main marquee menu meta nav noembed noframes \
    noscript object ol p param plaintext pre script search section select source style summary table tbody td template \
    textarea tfoot th thead title tr track ul wbr xmp ";
/// Parts of a table, each with what it may lie in.
const PARTS: [(&str, &[&str]); 8] = [
    ("td", &["tr"]),
    ("th", &["tr"]),
    ("tr", &["tbody", "thead", "tfoot"]),
    ("tbody", &[]),
    ("thead", &[]),
    ("tfoot", &[]),
    ("caption", &[]),
    ("colgroup", &[]),
];

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn is_special(name: &str) -> bool {
    SPECIAL.split_ascii_whitespace().any(|known| name.eq_ignore_ascii_case(known))
}

impl<'a> Open<'a> {
    fn depth(&self) -> usize {
        self.elements.len() + self.styles.len()
    }

    fn open(&mut self, name: &'a str, whole: &'a str) {
        if is_one_of(name, &VOID) || (whole.ends_with('/') && self.is_in_drawing() && !is_special(name)) {
            return;
        }
        if let Some((_, inside)) = PARTS.iter().find(|(part, _)| name.eq_ignore_ascii_case(part)) {
            // The part of a table before it ends here, with all that was left open in it.
            let table = self.elements.iter().rposition(|element| is_one_of(element.name, &["table", "template"]));
            let Some(table) = table else { return };
            let holder = self.elements.iter().skip(table).rposition(|element| is_one_of(element.name, inside));
            self.truncate(holder.map_or(table, |at| table + at) + 1);
        } else if let Some(at) = self.ended_by(name) {
            self.truncate(at);
        }
        if is_one_of(name, &STYLES) {
            // A parser keeps three of a kind.
            if self.styles.iter().filter(|style| style.whole == whole).count() < 3 {
                self.styles.push(Style { name, whole });
            }
            return;
        }
        self.elements.push(Element { name, styles: self.styles.len() });
    }

    /// Whether elements may close themselves here.
    fn is_in_drawing(&self) -> bool {
        let holder = self.elements.iter().rev().find(|element| {
            is_one_of(element.name, &["svg", "math", "foreignobject", "desc", "title", "annotation-xml"])
        });
        holder.is_some_and(|element| is_one_of(element.name, &["svg", "math"]))
    }

    /// The element that ends when this one begins: the paragraph before a paragraph, the item before an item.
    fn ended_by(&self, name: &str) -> Option<usize> {
        let reaches_over: &[&str] = match name.to_ascii_lowercase().as_str() {
            "p" => &[],
            "li" | "dt" | "dd" => &["address", "div", "p"],
            "option" | "optgroup" => {
                let last = self.elements.last().filter(|last| last.name.eq_ignore_ascii_case(name));
                return last.map(|_| self.elements.len() - 1);
            }
            _ => return None,
        };
        for (at, element) in self.elements.iter().enumerate().rev() {
            if element.name.eq_ignore_ascii_case(name) {
                return Some(at);
            }
            if is_special(element.name) && !is_one_of(element.name, reaches_over) {
                return None;
            }
        }
        None
    }

    fn close(&mut self, name: &str) {
        if is_one_of(name, &STYLES) {
            if let Some(at) = self.styles.iter().rposition(|style| style.name.eq_ignore_ascii_case(name)) {
                self.styles.remove(at);
            }
            return;
        }
        let is_part =
            name.eq_ignore_ascii_case("table") || PARTS.iter().any(|(part, _)| name.eq_ignore_ascii_case(part));
        let is_plain = !is_special(name);
        for (at, element) in self.elements.iter().enumerate().rev() {
            if element.name.eq_ignore_ascii_case(name) {
                // The end of a form leaves open what was opened in it.
                if name.eq_ignore_ascii_case("form") {
                    self.elements.remove(at);
                } else {
                    self.truncate(at);
                }
                return;
            }
            let is_fence = match (is_part, is_plain) {
                (true, _) => is_one_of(element.name, &["table", "template"]),
                (_, true) => is_special(element.name),
                _ => is_one_of(element.name, &FENCES) || is_list_of(element.name, name),
            };
            if is_fence {
                return;
            }
        }
    }

    fn truncate(&mut self, len: usize) {
        let gone = self.elements.get(len..).unwrap_or_default();
        // Out of a cell or a table its styles are gone with it; out of anything else they go on.
        if let Some(first) = gone.first().filter(|_| gone.iter().any(|element| is_one_of(element.name, &FENCES))) {
            self.styles.truncate(first.styles);
        }
        self.elements.truncate(len);
    }
}

/// Whether an item's end tag stops at this list.
fn is_list_of(list: &str, item: &str) -> bool {
    item.eq_ignore_ascii_case("li") && is_one_of(list, &["ul", "ol"])
}
