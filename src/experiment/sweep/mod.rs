//! Sweeps: many points of a scenario, many replicates, and which input the answer hangs on.
//!
//! ```text
//! plan.rs         a sweep file -> points, runs and their order
//! points.rs       the table of the design
//! store.rs        what stands on the disk meanwhile, so that memory does not grow with points
//! outline.rs      what tables and indices need to know of it, also when its parts are joined elsewhere
//! schedule.rs     makes the runs; pasts that are shared are lived once
//! measure.rs      what is kept of a run
//! journal.rs      every run that is done
//! outcome.rs      all runs together
//! design/         points of the unit cube
//! sensitivity/    indices from points and outputs
//! answers.rs      the indices of a sweep
//! ```

pub mod answers;
pub mod design;
pub mod journal;
pub mod measure;
pub mod outcome;
pub mod outline;
pub mod plan;
pub mod points;
pub mod schedule;
pub mod sensitivity;
pub mod store;
