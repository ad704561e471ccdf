//! A thin, strict layer over the XML tokenizer: entities resolved, names without prefixes, truncation noticed.

use std::borrow::Cow;

use quick_xml::escape::EscapeError;
use quick_xml::events::attributes::AttrError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::context::{Context, Outcome};
use super::limits::Counted;
use vocab::{Problem, Said, said};

/// What a text is called of which something is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A whole file, and no part of a container.
    Whole,
    Relations,
    Strings,
    Styles,
    /// A part of a container, by its name there.
    Named(&'a str),
}

impl Part<'_> {
    fn said(self) -> Said {
        match self {
            Part::Whole => said!("工作簿", "the workbook"),
            Part::Relations => said!("各部分的关系", "relations"),
            Part::Strings => said!("共享字符串", "shared strings"),
            Part::Styles => said!("单元格样式", "styles"),
            Part::Named(name) => Said::words(name),
        }
    }
}

/// The tokens of one XML part of a container.
pub(super) struct Xml<'a> {
    context: &'a Context<'a>,
    part: Part<'a>,
    reader: Reader<&'a [u8]>,
    len: usize,
    depth: usize,
}

/// What a reader of spreadsheets cares for in XML.
pub(super) enum Token<'a> {
    Open(Tag<'a>),
    /// The local name of the element that ends.
    Close(Name<'a>),
    Text(Cow<'a, str>),
    /// The end of a well-formed part.
    End,
}

/// A start tag. An empty element is one too, followed by its end.
pub(super) struct Tag<'a>(BytesStart<'a>);

/// The name in an end tag.
pub(super) struct Name<'a>(quick_xml::events::BytesEnd<'a>);

impl<'a> Xml<'a> {
    pub fn new(context: &'a Context<'a>, part: Part<'a>, text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Xml { context, part, reader, len: text.len(), depth: 0 }
    }

    /// Bytes of the part.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The next token.
    pub fn next(&mut self) -> Outcome<Token<'a>> {
        loop {
            let event = self.reader.read_event().map_err(|error| self.damaged(ill_formed(&error)))?;
            return Ok(match event {
                Event::Start(tag) => {
                    self.depth += 1;
                    self.context.within(Counted::Levels, self.depth, self.context.limits.nesting)?;
                    self.check_attributes(&tag)?;
                    Token::Open(Tag(tag))
                }
                Event::End(name) => {
                    self.depth = self.depth.saturating_sub(1);
                    Token::Close(Name(name))
                }
                Event::Text(text) => Token::Text(text.xml10_content()),
                Event::CData(text) => Token::Text(text.xml10_content()),
                Event::GeneralRef(entity) => {
                    let name = format!("&{};", &*entity);
                    let text = quick_xml::escape::unescape(&name).map_err(|error| self.damaged(escaped(&error)))?;
                    Token::Text(Cow::Owned(text.into_owned()))
                }
                Event::Eof if self.depth > 0 => return Err(self.ends_early()),
                Event::Eof => Token::End,
                _ => continue,
            });
        }
    }

    /// Refuses an element with more attributes than any has: each is held against all others.
    fn check_attributes(&self, tag: &BytesStart<'_>) -> Outcome<()> {
        /// In so few bytes there are not too many.
        const SHORT: usize = 1024;
        if tag.len() <= SHORT {
            return Ok(());
        }
        let most = self.context.limits.attributes;
        let found = tag.attributes().with_checks(false).take(most + 1).count();
        self.context.within(Counted::Attributes, found, most)
    }

    /// Steps over everything up to the end of the element just opened.
    pub fn skip(&mut self) -> Outcome<()> {
        let depth = self.depth;
        while self.depth >= depth {
            if let Token::End = self.next()? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Appends all text up to the end of the element just opened.
    pub fn text_into(&mut self, out: &mut String) -> Outcome<()> {
        let depth = self.depth;
        while self.depth >= depth {
            match self.next()? {
                Token::Text(text) => out.push_str(&text),
                Token::End => return Ok(()),
                _ => {}
            }
        }
        Ok(())
    }

    /// The values of several attributes of a tag whose attributes must all be well formed, each once.
    pub fn attributes<'t, const N: usize>(
        &self,
        tag: &'t Tag<'_>,
        names: [&str; N],
    ) -> Outcome<[Option<Cow<'t, str>>; N]> {
        match tag.0.attributes().find_map(Result::err) {
            Some(error) => Err(self.damaged(attribute(&error))),
            None => Ok(tag.attributes(names)),
        }
    }

    /// A finding that the text ends inside an element: a file that is no more than this text was cut off.
    fn ends_early(&self) -> Problem {
        let what = self.of_part(&said!("在元素中间结束", "it ends inside an element"));
        if self.part == Part::Whole { self.context.cut_off(what) } else { self.context.damaged(what) }
    }

    /// A finding that this part does not hold together.
    pub fn damaged(&self, what: Said) -> Problem {
        self.context.damaged(self.of_part(&what))
    }

    fn of_part(&self, what: &Said) -> Said {
        let part = self.part.said();
        said!("{part}：{what}", "{part}: {what}"; part, what)
    }
}

/// What the tokenizer cannot read.
fn ill_formed(error: &quick_xml::Error) -> Said {
    match error {
        quick_xml::Error::Syntax(why) => said!("XML 语法有误（{why}）", "syntax error: {why}"),
        quick_xml::Error::IllFormed(why) => said!("XML 结构有误（{why}）", "ill-formed document: {why}"),
        error => said!("XML 无法读取（{error}）", "{error}"),
    }
}

/// An entity that means nothing.
fn escaped(error: &EscapeError) -> Said {
    match error {
        EscapeError::UnrecognizedEntity(at, name) => {
            let (from, to) = (at.start, at.end);
            said!("位置 {from}..{to}：未知实体 `{name}`", "at {from}..{to}: unrecognized entity `{name}`")
        }
        error => said!("XML 实体有误（{error}）", "{error}"),
    }
}

/// An attribute that is not well formed.
fn attribute(error: &AttrError) -> Said {
    let (AttrError::ExpectedEq(at)
    | AttrError::ExpectedValue(at)
    | AttrError::UnquotedValue(at)
    | AttrError::ExpectedQuote(at, _)
    | AttrError::Duplicated(at, _)) = error;
    // The place stands in front of the library's words too.
    let text = error.to_string();
    let why = text.split_once(": ").map_or(text.as_str(), |(_, why)| why);
    said!("位置 {at}：属性有误（{why}）", "position {at}: {why}")
}

impl Tag<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The prefix of the name, or `""`.
    pub fn prefix(&self) -> &str {
        self.0.name().prefix().map_or("", |prefix| prefix.into_inner())
    }

    /// The value of the attribute with this local name.
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        let [value] = self.attributes([name]);
        value
    }

    /// The values of several attributes, found in one go: a sheet has millions of cells.
    pub fn attributes<const N: usize>(&self, names: [&str; N]) -> [Option<Cow<'_, str>>; N] {
        let mut values = [const { None }; N];
        let mut attributes = self.0.attributes();
        for attribute in attributes.with_checks(false).flatten() {
            let local = attribute.key.local_name().into_inner();
            for (name, value) in names.iter().zip(&mut values) {
                if *name == local && value.is_none() {
                    // A value with an entity that is not known stays as it stands: it then means nothing to anybody.
                    let resolved = attribute.normalized_value(XmlVersion::Implicit1_0);
                    *value = Some(resolved.unwrap_or_else(|_| Cow::Owned(attribute.value.to_string())));
                }
            }
        }
        values
    }

    /// The value of a numeric attribute.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.attribute(name)?.trim().parse().ok()
    }
}

impl Name<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }
}
