//! Names that look like company names and say that they are samples.

/// A city's name without 市, as company names begin.
pub(super) fn short(city: &str) -> &str {
    city.strip_suffix('市').unwrap_or(city)
}

/// Name of the enterprise with this number, such as 郑州示例铝业第0012有限公司.
pub(super) fn enterprise(city: &str, trade: &str, number: usize) -> String {
    format!("{}示例{trade}第{:04}有限公司", short(city), number + 1)
}
