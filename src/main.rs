//! The `mujun` command.

fn main() -> std::process::ExitCode {
    mujun::cli::main()
}
