//! mujun (亩均): turns the exports of statistics bureaus into trustworthy quarterly indicator tables for every
//! industrial park (产业集聚区) and the province.
//!
//! The rooms are crates under `crates/`; this one is the door.

pub mod cli;
