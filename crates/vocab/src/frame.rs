//! Tables in columns: what clean facts, models and published tables are made of.

use super::scalars::Scalars;

/// A column of text held in one buffer. A null is not an empty text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextColumn {
    text: String,
    ends: Vec<u32>,
    present: Vec<bool>,
}

impl TextColumn {
    /// An empty column with room for so many values; their text still makes its own.
    pub fn with_capacity(rows: usize) -> Self {
        TextColumn { text: String::new(), ends: Vec::with_capacity(rows), present: Vec::with_capacity(rows) }
    }

    /// Appends a value or a null.
    #[inline]
    pub fn push(&mut self, value: Option<&str>) {
        self.text.push_str(value.unwrap_or(""));
        self.ends.push(self.text.len() as u32);
        self.present.push(value.is_some());
    }

    /// The value at `index`, or none where it is null.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&str> {
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        self.present[index].then(|| &self.text[start..self.ends[index] as usize])
    }

    /// Which values of `rows` are there.
    pub fn present(&self, rows: std::ops::Range<usize>) -> &[bool] {
        &self.present[rows]
    }

    /// Number of values, nulls included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All values in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        (0..self.len()).map(|index| self.get(index))
    }
}

impl<S: AsRef<str>> FromIterator<Option<S>> for TextColumn {
    fn from_iter<I: IntoIterator<Item = Option<S>>>(values: I) -> Self {
        let mut column = TextColumn::default();
        for value in values {
            column.push(value.as_ref().map(AsRef::as_ref));
        }
        column
    }
}

/// The values of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Whole numbers: quantities in canonical units, counts, quarter indexes.
    Int(Scalars<i64>),
    /// Ratios and what is derived from them.
    Float(Scalars<f64>),
    /// Text.
    Text(TextColumn),
    /// Yes, no, or unknown.
    Bool(Scalars<bool>),
    /// One text in every row: the file that all rows come from.
    Same(Option<String>, usize),
}

impl Values {
    /// Number of values, nulls included.
    pub fn len(&self) -> usize {
        match self {
            Values::Int(values) => values.len(),
            Values::Float(values) => values.len(),
            Values::Text(values) => values.len(),
            Values::Bool(values) => values.len(),
            Values::Same(_, rows) => *rows,
        }
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A column with these rows, in this order.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Values {
        match self {
            Values::Int(values) => Values::Int(values.take(rows)),
            Values::Float(values) => Values::Float(values.take(rows)),
            Values::Bool(values) => Values::Bool(values.take(rows)),
            Values::Text(values) => Values::Text(rows.iter().map(|&row| values.get(row)).collect()),
            Values::Same(value, _) => Values::Same(value.clone(), rows.len()),
        }
    }

    /// Adds the values of another column of the same type.
    pub fn append(&mut self, other: Values) {
        match (&mut *self, other) {
            (Values::Int(mine), Values::Int(theirs)) => mine.append(theirs),
            (Values::Float(mine), Values::Float(theirs)) => mine.append(theirs),
            (Values::Bool(mine), Values::Bool(theirs)) => mine.append(theirs),
            (Values::Text(mine), Values::Text(theirs)) => theirs.iter().for_each(|value| mine.push(value)),
            (_, theirs) => {
                let texts = |values: &Values| (0..values.len()).map(|row| values.text(row)).collect::<TextColumn>();
                let mut all = texts(self);
                texts(&theirs).iter().for_each(|value| all.push(value));
                *self = Values::Text(all);
            }
        }
    }

    /// The value at `row` as text for CSV and messages; none for null. Floats are written with their shortest exact
    /// form.
    pub fn text(&self, row: usize) -> Option<String> {
        match self {
            Values::Int(values) => values.get(row).map(|value| value.to_string()),
            Values::Float(values) => values.get(row).map(|value| value.to_string()),
            Values::Bool(values) => values.get(row).map(|value| value.to_string()),
            Values::Text(values) => values.get(row).map(str::to_owned),
            Values::Same(value, _) => value.clone(),
        }
    }
}

/// A named table in columns of equal length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frame {
    columns: Vec<(String, Values)>,
}

impl Frame {
    /// A table without columns.
    pub fn new() -> Self {
        Frame::default()
    }

    /// Adds a column at the end.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, values: Values) -> Self {
        debug_assert!(self.columns.is_empty() || self.rows() == values.len(), "columns of one table are equally long");
        self.columns.push((name.into(), values));
        self
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, values)| values.len())
    }

    /// Names and values in order.
    pub fn columns(&self) -> &[(String, Values)] {
        &self.columns
    }

    /// The columns, moved out.
    pub fn into_columns(self) -> Vec<(String, Values)> {
        self.columns
    }

    /// The values of a column by name.
    pub fn column(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find(|(column, _)| column == name).map(|(_, values)| values)
    }

    /// Whole numbers of a column by name; none if it is absent or of another type.
    pub fn ints(&self, name: &str) -> Option<&Scalars<i64>> {
        match self.column(name)? {
            Values::Int(values) => Some(values),
            _ => None,
        }
    }

    /// Floating point numbers of a column by name; none if it is absent or of another type.
    pub fn floats(&self, name: &str) -> Option<&Scalars<f64>> {
        match self.column(name)? {
            Values::Float(values) => Some(values),
            _ => None,
        }
    }

    /// Text of a column by name; none if it is absent or of another type.
    pub fn texts(&self, name: &str) -> Option<&TextColumn> {
        match self.column(name)? {
            Values::Text(values) => Some(values),
            _ => None,
        }
    }

    /// Adds the rows of another table with the same columns in any order; a table without columns takes the other's.
    pub fn append(&mut self, mut other: Frame) {
        if self.columns.is_empty() {
            *self = other;
            return;
        }
        debug_assert!(
            self.columns.iter().all(|(name, _)| other.column(name).is_some()),
            "tables have the same columns"
        );
        for (name, mine) in &mut self.columns {
            if let Some(position) = other.columns.iter().position(|(other, _)| other == name) {
                mine.append(other.columns.swap_remove(position).1);
            }
        }
    }

    /// Adds columns of texts without values for those of `other` that this table lacks.
    pub fn widen(&mut self, other: &Frame) {
        let rows = self.rows();
        for (name, _) in &other.columns {
            if self.column(name).is_none() {
                self.columns.push((name.clone(), Values::Same(None, rows)));
            }
        }
    }

    /// A table with these rows, in this order.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Frame {
        Frame { columns: self.columns.iter().map(|(name, values)| (name.clone(), values.take(rows))).collect() }
    }

    /// A table without the named columns.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Frame {
        self.columns.retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }
}
