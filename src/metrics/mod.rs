//! Figures for whoever watches the installation, in the text form of Prometheus: how much waits, how long answers take,
//! whether jobs run. They hold no personal data and stand on an address of their own, which is off until it is set.

pub mod operations;
pub mod pages;
mod text;
