//! Which files of a crate use which, as their own text says it: none use each other in a circle, so that each can be read with no more
//! than what lies below it. `cargo test -- imports --nocapture` prints the graph.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::{Item, UseTree};

use crate::tidy::SOURCES;

/// A module that is a file: its crate, and the names down to it.
type Module = Vec<String>;

/// What a file says of names.
#[derive(Default)]
struct File {
    /// What it defines itself.
    defines: BTreeSet<String>,
    /// What it names from elsewhere, and by which path.
    imports: BTreeMap<String, Vec<String>>,
    /// Every path in it.
    paths: Vec<Vec<String>>,
}

impl File {
    fn read(text: &str) -> File {
        let mut file = File::default();
        for item in syn::parse_file(text).expect("a source file").items {
            if let Item::Use(found) = &item {
                file.import(Vec::new(), &found.tree);
            } else {
                file.defines.extend(name(&item));
            }
        }
        file.paths.extend(file.imports.values().cloned());
        file.mention(text.parse().expect("a source file"));
        file
    }

    fn import(&mut self, mut path: Vec<String>, tree: &UseTree) {
        let (written, known_as) = match tree {
            UseTree::Path(part) => {
                path.push(part.ident.to_string());
                return self.import(path, &part.tree);
            }
            UseTree::Group(group) => return group.items.iter().for_each(|tree| self.import(path.clone(), tree)),
            UseTree::Name(name) => (name.ident.to_string(), name.ident.to_string()),
            UseTree::Rename(name) => (name.ident.to_string(), name.rename.to_string()),
            UseTree::Glob(_) => ("self".to_owned(), "*".to_owned()),
        };
        let of_module = written == "self";
        if !of_module {
            path.push(written);
        }
        let known_as =
            if of_module && known_as == "self" { path.last().cloned().unwrap_or_default() } else { known_as };
        self.imports.insert(known_as, path);
    }

    /// Takes note of all paths of two names and more, also within macros.
    fn mention(&mut self, tokens: TokenStream) {
        let (mut path, mut colons) = (Vec::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if path.is_empty() || colons == 2 => {
                    path.push(ident.to_string());
                    colons = 0;
                    continue;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                    continue;
                }
                // The names of a `use`, which were taken from its syntax.
                TokenTree::Group(_) if colons == 2 => {
                    (path, colons) = (Vec::new(), 0);
                    continue;
                }
                _ => {}
            }
            self.note(&mut path);
            colons = 0;
            match token {
                TokenTree::Ident(ident) => path.push(ident.to_string()),
                TokenTree::Group(group) => self.mention(group.stream()),
                _ => {}
            }
        }
        self.note(&mut path);
    }

    fn note(&mut self, path: &mut Vec<String>) {
        let path = std::mem::take(path);
        if path.len() > 1 {
            self.paths.push(path);
        }
    }
}

/// What an item is called.
fn name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(one) => &one.ident,
        Item::Enum(one) => &one.ident,
        Item::Fn(one) => &one.sig.ident,
        Item::Macro(one) => one.ident.as_ref()?,
        Item::Static(one) => &one.ident,
        Item::Struct(one) => &one.ident,
        Item::Trait(one) => &one.ident,
        Item::Type(one) => &one.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// All source files, by module.
struct Files(BTreeMap<Module, File>);

impl Files {
    fn of(sources: &BTreeMap<String, String>) -> Files {
        let read = |(name, text): (&String, &String)| Some((module(name)?, File::read(text)));
        Files(sources.iter().filter_map(read).collect())
    }

    /// The file that defines what a path in a file names; none where it is of no crate here.
    fn meant(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        let (first, mut rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => from[..1].to_vec(),
            "self" => from.clone(),
            "super" => from[..from.len() - 1].to_vec(),
            _ if self.0.contains_key(&[&from[..], std::slice::from_ref(first)].concat()) => {
                rest = path;
                from.clone()
            }
            _ => {
                // A name that is imported leads to where it is from; the way is short.
                let import = self.0[from].imports.get(first).filter(|import| *import != path && depth < 8);
                return match import {
                    Some(import) => self.meant(from, &[import, rest].concat(), depth + 1),
                    None => Some(vec![first.clone()])
                        .filter(|crate_name| self.0.contains_key(crate_name) && *crate_name != from[..1])
                        .and_then(|crate_name| self.below(crate_name, rest, depth)),
                };
            }
        };
        while rest.first().is_some_and(|name| name == "super") {
            at.pop();
            rest = &rest[1..];
        }
        self.below(at, rest, depth)
    }

    /// The file that defines what a path names from a module on.
    fn below(&self, mut at: Module, path: &[String], depth: usize) -> Option<Module> {
        for (position, name) in path.iter().enumerate() {
            let deeper = [&at[..], std::slice::from_ref(name)].concat();
            if self.0.contains_key(&deeper) {
                at = deeper;
                continue;
            }
            let file = self.0.get(&at)?;
            if let (false, Some(import)) = (file.defines.contains(name), file.imports.get(name)) {
                let whole = [import, &path[position + 1..]].concat();
                return if depth < 8 { self.meant(&at, &whole, depth + 1).or(Some(at)) } else { None };
            }
            break;
        }
        Some(at)
    }

    /// What each file uses of its own crate.
    fn uses(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let of = |module: &Module, file: &File| {
            let meant = file.paths.iter().filter_map(|path| self.meant(module, path, 0));
            meant.filter(|to| to != module && to[0] == module[0]).collect()
        };
        self.0.iter().map(|(module, file)| (module, of(module, file))).collect()
    }
}

/// The module of a file, by its name.
fn module(file: &str) -> Option<Module> {
    let (name, path) = match file.strip_prefix("crates/") {
        Some(rest) => rest.split_once("/src/")?,
        // Beside the library of the same crate.
        None => ("mujun", file.strip_prefix("src/").filter(|path| *path != "main.rs")?),
    };
    let mut module = vec![name.to_owned()];
    module.extend(path.strip_suffix(".rs")?.split('/').map(str::to_owned));
    module.pop_if(|last| ["mod", "lib"].contains(&last.as_str()));
    Some(module)
}

/// The files that are left when those which use none that is left, and those which none that is left uses, are taken away again and
/// again: they stand in circles, or between two.
fn circles(uses: &BTreeMap<&Module, BTreeSet<Module>>) -> Vec<String> {
    let mut left: BTreeSet<&Module> = uses.keys().copied().collect();
    loop {
        let is_used = |one: &Module| left.iter().any(|other| uses[*other].contains(one));
        let ends = |one: &&Module| !uses[*one].iter().any(|used| left.contains(used)) || !is_used(one);
        let gone: Vec<&Module> = left.iter().copied().filter(ends).collect();
        if gone.is_empty() {
            break;
        }
        gone.iter().for_each(|one| {
            left.remove(*one);
        });
    }
    let edges = left.iter().flat_map(|from| uses[*from].iter().map(move |to| (*from, to)));
    edges
        .filter(|(_, to)| left.contains(to))
        .map(|(from, to)| format!("{} → {}", from.join("/"), to.join("/")))
        .collect()
}

#[test]
fn no_files_of_a_crate_use_each_other_in_a_circle() {
    let files = Files::of(&SOURCES);
    let uses = files.uses();
    for (module, used) in &uses {
        println!("{}: {}", module.join("/"), used.iter().map(|one| one.join("/")).collect::<Vec<_>>().join(" "));
    }
    assert!(uses.values().map(BTreeSet::len).sum::<usize>() > 500, "uses are found at all");
    let circles = circles(&uses);
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn a_circle_is_found_in_every_way_of_writing() {
    let found = |texts: [(&str, &str); 3]| {
        let sources = texts.map(|(name, text)| (format!("crates/read/src/{name}.rs"), text.to_owned()));
        circles(&Files::of(&sources.into()).uses())
    };
    let top = "mod a; mod b; pub use b::{B, C};";
    let none: [String; 0] = [];
    assert_eq!(found([("lib", top), ("a", "use super::{B, C};"), ("b", "pub struct B; pub struct C;")]), none);
    let circle = ["read/a → read/b", "read/b → read/a"];
    // Through what the module above hands on, a module that is imported, a path of the crate, and within a macro.
    assert_eq!(
        found([("lib", top), ("a", "use super::B; fn f() {}"), ("b", "use super::a; pub struct B; fn g() { a::f() }")]),
        circle
    );
    assert_eq!(
        found([("lib", top), ("a", "fn f() { crate::b::g() }"), ("b", "fn g() { print!(\"{}\", super::a::f()) }")]),
        circle
    );
    // A module whose children use what it defines beside calling them.
    let above = "mod a; mod b; pub struct S; fn f() { a::g(b::h()) }";
    assert_eq!(found([("lib", above), ("a", "use super::S;"), ("b", "")]), ["read → read/a", "read/a → read"]);
}
