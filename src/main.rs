//! The `mujun` command.

/// Many threads make and drop many small texts; the system's allocator is where they meet.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    mujun::cli::main()
}
