//! mujun (亩均): turns the exports of statistics bureaus into trustworthy quarterly indicator tables for every
//! industrial park (产业集聚区) and the province.
//!
//! Data flows one way: `fetch → store → read → layout → clean → model → protect → publish → report`. A room uses only
//! rooms to its left and the shared `vocab` and `config`; `run` conducts them, `cli` is the door. `synth` stands
//! apart: it makes sample exports and knows the true answers.

pub mod clean;
pub mod cli;
pub mod config;
pub mod fetch;
pub mod layout;
pub mod model;
pub mod protect;
pub mod publish;
pub mod read;
pub mod report;
pub mod run;
pub mod store;
pub mod synth;
pub mod vocab;
