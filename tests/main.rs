//! All integration tests in one binary: one link step, one PostgreSQL cluster.
#![allow(missing_docs, clippy::missing_panics_doc, reason = "tests")]

mod support;

mod db_contract;
mod db_writer;
mod interchange;
mod migrations;
