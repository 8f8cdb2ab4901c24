//! Above single replicates: ensembles of them.

pub mod compare;
pub mod ensemble;
pub mod evidence;
pub mod fit;
pub mod levels;
pub mod linear;
pub mod measures;
pub mod plausible;
pub mod summary;
pub mod sweep;
pub mod targets;
