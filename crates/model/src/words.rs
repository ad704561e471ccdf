//! Words of our own in the models' SQL. `words.sql`, beside the models, says what each stands for, as macros that DuckDB also
//! knows; the engine never sees one. `FILTER (WHERE …)` is written out for it as well.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use sqlparser::ast::{
    CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, MacroDefinition, Statement, Value,
    VisitMut, VisitorMut, helpers::attached_token::AttachedToken,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

use config::document::list;
use vocab::{Said, said};

/// The file that says what the words are, beside the models.
pub(super) const FILE: &str = "words.sql";

/// What a word stands for, in terms of what it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    given: Vec<String>,
    meaning: Expr,
}

/// The words by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Words(BTreeMap<String, Word>);

impl Words {
    /// Reads `CREATE MACRO … AS …;`, any number of times. A word may be made of those before it.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub(super) fn read(text: &str) -> Result<Words, Said> {
        let mut words = Words::default();
        let statements = Parser::parse_sql(&GenericDialect {}, text);
        for statement in statements.map_err(|error| Said::words(error.to_string()))? {
            let Statement::CreateMacro { name, args, definition: MacroDefinition::Expr(mut meaning), .. } = statement
            else {
                return Err(said!(
                    "{FILE} 中只能有 CREATE MACRO … AS 表达式",
                    "{FILE} has nothing but CREATE MACRO … AS an expression"
                ));
            };
            words.write_out(&mut meaning)?;
            let given = args.into_iter().flatten().map(|arg| arg.name.value).collect();
            let name = name.to_string();
            if words.0.insert(name.clone(), Word { given, meaning }).is_some() {
                return Err(said!("词 `{name}` 有两个定义", "the word `{name}` stands for two things"));
            }
        }
        Ok(words)
    }

    /// Puts what they stand for in the place of all words of a part of a statement.
    ///
    /// # Errors
    /// A word that is not given what it is about.
    pub(super) fn write_out(&self, part: &mut impl VisitMut) -> Result<(), Said> {
        match part.visit(&mut Writer(self)) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(mistake) => Err(mistake),
        }
    }

    fn meaning(&self, function: &Function) -> Result<Option<Expr>, Said> {
        let name = function.name.to_string();
        let Some(word) = self.0.get(&name) else { return Ok(None) };
        let given = plain(&function.args).filter(|given| given.len() == word.given.len());
        let Some(given) = given else {
            let (count, given) = (word.given.len(), list(&word.given));
            let things = if count == 1 { "thing" } else { "things" };
            return Err(Said::new(
                format!("`{name}` 须有 {count} 个参数：{}", given.zh()),
                format!("`{name}` is about {count} {things}: {}", given.en()),
            ));
        };
        let given = word.given.iter().map(String::as_str).zip(given.into_iter().map(enclosed)).collect();
        let mut meaning = word.meaning.clone();
        let _ = meaning.visit(&mut Given(&given));
        Ok(Some(enclosed(meaning)))
    }
}

/// The expressions that a function is given, if it is given nothing else.
fn plain(arguments: &FunctionArguments) -> Option<Vec<Expr>> {
    let FunctionArguments::List(list) = arguments else { return None };
    let expression = |argument: &FunctionArg| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression.clone()),
        _ => None,
    };
    list.args.iter().map(expression).collect()
}

/// In brackets, where it could fall apart among others.
fn enclosed(expression: Expr) -> Expr {
    match expression {
        Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::Value(_)
        | Expr::Nested(_)
        | Expr::Function(_)
        | Expr::Case { .. }
        | Expr::Cast { .. } => expression,
        other => Expr::Nested(Box::new(other)),
    }
}

/// Writes words out, the innermost first.
struct Writer<'w>(&'w Words);

impl VisitorMut for Writer<'_> {
    type Break = Said;

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<Said> {
        let Expr::Function(function) = expression else { return ControlFlow::Continue(()) };
        filter(function);
        match self.0.meaning(function) {
            Ok(None) => {}
            Ok(Some(meaning)) => *expression = meaning,
            Err(mistake) => return ControlFlow::Break(mistake),
        }
        ControlFlow::Continue(())
    }
}

/// Puts what a word is given into its meaning.
struct Given<'g>(&'g BTreeMap<&'g str, Expr>);

impl VisitorMut for Given<'_> {
    type Break = ();

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        if let Expr::Identifier(name) = expression
            && let Some(given) = self.0.get(name.value.as_str())
        {
            *expression = given.clone();
        }
        ControlFlow::Continue(())
    }
}

/// `SUM(x) FILTER (WHERE y)` as `SUM(CASE WHEN y THEN x END)`: the same for whatever passes over nulls, and the engine then need
/// not gather the rows of each condition.
fn filter(function: &mut Function) {
    let FunctionArguments::List(list) = &mut function.args else { return };
    let [argument] = list.args.as_mut_slice() else { return };
    let Some(condition) = function.filter.take() else { return };
    let result = match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => expression.clone(),
        _ => Expr::value(Value::Number("1".to_owned(), false)),
    };
    let case = Expr::Case {
        case_token: AttachedToken::empty(),
        end_token: AttachedToken::empty(),
        operand: None,
        conditions: vec![CaseWhen { condition: *condition, result }],
        else_result: None,
    };
    *argument = FunctionArg::Unnamed(FunctionArgExpr::Expr(case));
}
