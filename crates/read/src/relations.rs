//! How the parts of an Office Open XML package refer to each other.

use super::context::{Context, Outcome};
use super::limits::Counted;
use super::package::Package;
use super::xml::{Part, Token, Xml};
use vocab::said;

/// More relations than the workbook with the most sheets has.
const MOST: usize = 1 << 14;

/// How one part of a package refers to another.
pub(super) struct Relation {
    pub id: String,
    /// The last word of the relation's type: `worksheet`, `styles` …
    pub kind: String,
    pub target: String,
}

/// The part that is the workbook, as the package's own relations say.
pub(super) fn main_part(package: &mut Package<'_>) -> Outcome<String> {
    let text = package.needed("_rels/.rels")?;
    let relations = read(package.context, &text)?;
    match relations.into_iter().find(|relation| relation.kind == "officeDocument") {
        Some(relation) => Ok(resolve("", &relation.target)),
        None => Err(package.context.damaged(said!("_rels/.rels 没有指明工作簿", "_rels/.rels names no workbook"))),
    }
}

/// Where the relations of a part stand: `xl/workbook.xml` has `xl/_rels/workbook.xml.rels`.
pub(super) fn relations_of(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// The part that `target` means when `part` refers to it.
pub(super) fn resolve(part: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut folders: Vec<&str> = part.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        match step {
            "." => {}
            ".." => {
                folders.pop();
            }
            step => folders.push(step),
        }
    }
    folders.join("/")
}

pub(super) fn read(context: &Context<'_>, text: &str) -> Outcome<Vec<Relation>> {
    let mut xml = Xml::new(context, Part::Relations, text);
    let mut relations = Vec::new();
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "Relationship" => {
                context.within(Counted::Relations, relations.len() + 1, MOST)?;
                let [Some(id), Some(kind), Some(target)] = tag.attributes(["Id", "Type", "Target"]) else { continue };
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relations.push(Relation { id: id.into_owned(), kind, target: target.into_owned() });
            }
            Token::End => return Ok(relations),
            _ => {}
        }
    }
}
