//! Plenary runs a multi-day international summit: programme, registration, mail and the team behind it.
//!
//! ARCHITECTURE.md gives the bird's-eye view. In reading order:

pub mod app;
pub mod calendar;
pub mod config;
pub mod db;
pub mod i18n;
pub mod web;

pub mod audit;
pub mod jobs;
pub mod mail;
pub mod sealing;

pub mod accounts;
pub mod accreditation;
pub mod badges;
pub mod bookings;
pub mod calls;
pub mod checkin;
pub mod delegations;
pub mod demo;
pub mod events;
pub mod files;
pub mod interchange;
pub mod live;
pub mod mailings;
pub mod metrics;
pub mod notices;
pub mod numbers;
pub mod programme;
pub mod registration;
pub mod reminders;
pub mod schedule;
pub mod site;
pub mod speakers;
pub mod venue;

pub mod cli;
pub mod serve;
