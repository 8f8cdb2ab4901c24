//! Above single replicates: ensembles of them.

pub mod ensemble;
