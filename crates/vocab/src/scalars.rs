//! Columns of numbers and of yes and no: values of one size, some of which are null.

/// A column of values of one size. While none is null, nothing is kept beside the values.
#[derive(Debug, Clone, Default)]
pub struct Scalars<T> {
    /// Where there is no value, the default stands.
    values: Vec<T>,
    /// Which values are there; empty while all are.
    present: Vec<bool>,
}

impl<T: Copy + Default> Scalars<T> {
    /// An empty column with room for so many values.
    pub fn with_capacity(rows: usize) -> Self {
        Scalars { values: Vec::with_capacity(rows), present: Vec::new() }
    }

    /// The same value, or null, in every row.
    pub fn repeat(value: Option<T>, rows: usize) -> Self {
        let present = if value.is_some() { Vec::new() } else { vec![false; rows] };
        Scalars { values: vec![value.unwrap_or_default(); rows], present }
    }

    /// Appends a value or a null.
    #[inline]
    pub fn push(&mut self, value: Option<T>) {
        if value.is_none() && self.present.is_empty() {
            self.present.resize(self.values.len(), true);
        }
        if value.is_none() || !self.present.is_empty() {
            self.present.push(value.is_some());
        }
        self.values.push(value.unwrap_or_default());
    }

    /// The value at `index`, or none where it is null.
    ///
    /// # Panics
    /// If `index` is not below [`Scalars::len`].
    #[inline]
    pub fn get(&self, index: usize) -> Option<T> {
        let value = self.values[index];
        (self.present.is_empty() || self.present[index]).then_some(value)
    }

    /// Changes the value at `index`.
    ///
    /// # Panics
    /// If `index` is not below [`Scalars::len`].
    pub fn set(&mut self, index: usize, value: Option<T>) {
        if value.is_none() && self.present.is_empty() {
            self.present.resize(self.values.len(), true);
        }
        if let Some(present) = self.present.get_mut(index) {
            *present = value.is_some();
        }
        self.values[index] = value.unwrap_or_default();
    }

    /// The last value; none if it is null or there is none.
    #[inline]
    pub fn last(&self) -> Option<T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// Number of values, nulls included.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// All values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<T>> + Clone {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The values of `rows`, with the default where there is none, and which of them are there; nothing says so where all are.
    pub fn parts(&self, rows: std::ops::Range<usize>) -> (&[T], Option<&[bool]>) {
        let present = self.present.get(rows.clone()).filter(|present| present.contains(&false));
        (&self.values[rows], present)
    }

    /// The same of all rows, moved out.
    pub fn into_parts(self) -> (Vec<T>, Option<Vec<bool>>) {
        let present = Some(self.present).filter(|present| present.contains(&false));
        (self.values, present)
    }

    /// A column with these rows, in this order.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        let values = rows.iter().map(|&row| self.values[row]).collect();
        let present =
            if self.present.is_empty() { Vec::new() } else { rows.iter().map(|&row| self.present[row]).collect() };
        Scalars { values, present }
    }

    /// Adds the values of another column.
    pub fn append(&mut self, mut other: Self) {
        if !self.present.is_empty() || !other.present.is_empty() {
            self.present.resize(self.values.len(), true);
            other.present.resize(other.values.len(), true);
            self.present.append(&mut other.present);
        }
        self.values.append(&mut other.values);
    }
}

/// A column that is absent reads like one without rows.
impl<T> Default for &Scalars<T> {
    fn default() -> Self {
        const { &Scalars { values: Vec::new(), present: Vec::new() } }
    }
}

impl<T: Copy + Default + PartialEq> PartialEq for Scalars<T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// A column without nulls.
impl<T> From<Vec<T>> for Scalars<T> {
    fn from(values: Vec<T>) -> Self {
        Scalars { values, present: Vec::new() }
    }
}

impl<T: Copy + Default> FromIterator<Option<T>> for Scalars<T> {
    fn from_iter<I: IntoIterator<Item = Option<T>>>(values: I) -> Self {
        let values = values.into_iter();
        let mut column = Scalars::with_capacity(values.size_hint().0);
        values.for_each(|value| column.push(value));
        column
    }
}
