//! Above single replicates: ensembles of them.

pub mod ensemble;
pub mod evidence;
pub mod fit;
pub mod levels;
pub mod plausible;
pub mod targets;
