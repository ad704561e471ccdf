//! The times of a pipeline in the notations of schedulers that do not read cron expressions.

use config::pipeline::Pipeline;
use config::pipeline::cron::{Cron, Field, listed};

/// Days of the week, from Sunday on.
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

fn day(number: &u8) -> String {
    DAYS.get(usize::from(*number)).copied().unwrap_or_default().to_owned()
}

/// As `OnCalendar` reads it: `Mon..Fri *-*-* 07:30:00 Asia/Shanghai`.
pub(super) fn on_calendar(pipeline: &Pipeline) -> String {
    let cron = &pipeline.schedule;
    let part = |field: Field| {
        let two = |value: &u8| format!("{value:02}");
        cron.only(field).map_or("*".to_owned(), |values| listed(values, "..", two))
    };
    let weekdays = cron.only(Field::Weekday).map(|days| format!("{} ", listed(days, "..", day))).unwrap_or_default();
    let [month, of_month, hour, minute] = [Field::Month, Field::Day, Field::Hour, Field::Minute].map(part);
    format!("{weekdays}*-{month}-{of_month} {hour}:{minute}:00 {}", pipeline.zone_name)
}

/// As Quartz reads it, with a field for seconds before and one for years behind: `0 30 7 * * ? *`.
pub(super) fn quartz(cron: &Cron) -> String {
    let part = |field: Field| cron.only(field).map_or("*".to_owned(), |values| listed(values, "-", u8::to_string));
    let [minute, hour, of_month, month] = [Field::Minute, Field::Hour, Field::Day, Field::Month].map(part);
    // One of the two fields for days says nothing.
    match cron.only(Field::Weekday) {
        None => format!("0 {minute} {hour} {of_month} {month} ? *"),
        Some(days) => {
            format!("0 {minute} {hour} ? {month} {} *", listed(days, "-", |number| day(number).to_uppercase()))
        }
    }
}
