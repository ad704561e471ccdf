//! INT and TERM: a sentence, and the end of the process. Everything that a run writes is safe to leave at any moment: what is half
//! done has no name yet, and the next run removes it and goes on behind what is whole.

use std::io::Write as _;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::json;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level;

use super::args::{Format, Lang};
use super::exit::ExitStatus;

/// How long the sentence may take: whoever reads standard error may have stopped reading.
const PATIENCE: Duration = Duration::from_millis(500);

/// Listens for signals for the rest of the process. Without a thread to listen, they end it as they always do.
pub fn listen(format: Format, lang: Lang) {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            stop(signal, format, lang);
        }
    };
    let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(wait);
}

fn stop(signal: i32, format: Format, lang: Lang) -> ! {
    let status = if signal == SIGINT { ExitStatus::Interrupted } else { ExitStatus::Terminated };
    let (told, heard) = mpsc::channel();
    let tell = move || {
        let _ = writeln!(std::io::stderr().lock(), "{}", sentence(status, format, lang));
        let _ = told.send(());
    };
    if std::thread::Builder::new().spawn(tell).is_ok() {
        let _ = heard.recv_timeout(PATIENCE);
    }
    // At once: what other threads are in the middle of is no one's any more.
    low_level::exit(status as i32)
}

fn sentence(status: ExitStatus, format: Format, lang: Lang) -> String {
    let name = if status == ExitStatus::Interrupted { "INT" } else { "TERM" };
    let text = match lang {
        Lang::Zh => format!(
            "收到 {name} 信号，已停止：已发布的批次未受影响，读者所见仍是完整的一批；再次执行同一命令，将清除未完成的部分，并从已完成处继续"
        ),
        Lang::En => format!(
            "stopped by {name}: what was published is untouched, and readers see a whole release; the same command, run again, removes \
             what was not finished and goes on behind what was"
        ),
    };
    match format {
        Format::Text => text,
        Format::Json => json!({ "interrupted": name, "message": text }).to_string(),
    }
}
