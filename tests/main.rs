//! All integration tests in one binary: one link step, one PostgreSQL cluster.
#![allow(missing_docs, clippy::missing_panics_doc, clippy::allow_attributes, clippy::expect_used, reason = "tests")]

mod support;

mod access;
mod accounts;
mod accreditation;
mod activity;
mod arrival;
mod badges;
mod bookings;
mod calls;
mod check;
mod checkin;
mod concerns;
mod crash;
mod db_contract;
mod db_writer;
mod delegations;
mod editing;
mod events;
mod house;
mod import_page;
mod interchange;
mod letters;
mod live;
mod mail;
mod mailings;
mod migrations;
mod notices;
mod numbers;
mod outbox;
mod places;
mod programme;
mod proposing;
mod registration;
mod releases;
mod reminders;
mod schedule;
mod site;
mod speaker_care;
mod speaker_page;
mod speaker_papers;
mod speaker_standing;
mod speakers;
mod texts;
mod wording;
