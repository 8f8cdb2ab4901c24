//! Groundswell: a parallel agent-based simulator of community engagement.
//!
//! # The model in a page
//!
//! People take part in local services when they are asked and accept. The weekly chance is 1 - exp(-I π), I the
//! invitations and π the acceptance. Engaged friends are the main source of invitations. Meeting in a service makes ties; a
//! tie met often enough passes a critical strength, after which it lives on without the service, and one short of it
//! fades. Taking part raises hopes of influence: an authority that responds confirms them, one that does not leaves people
//! lower than before. Public services live on staff and volunteers, and load wears volunteers out.
//!
//! # The way through
//!
//! ```text
//! scenario file -> Scenario (valid by construction) -> Town (residents, services) and its network
//!     -> week after week (model) -> Record -> run folder (results) -> pictures and page (report)
//! ```
//!
//! [`experiment`] stands above [`run`] and only calls it; [`cli`] stands above all. Results depend on the scenario and
//! its seed alone: every random number is a pure function of what it is for ([`draws`]).

#![warn(missing_docs)]

pub mod cli;
pub mod draws;
pub mod experiment;
pub mod maths;
pub mod model;
pub mod network;
pub mod population;
pub mod prefetch;
pub mod record;
pub mod report;
pub mod results;
pub mod run;
pub mod scenario;
pub mod units;
