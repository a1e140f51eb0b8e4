//! The service over HTTP, as clients, strangers and attackers meet it: on SQLite, and on PostgreSQL where `DATABASE_URL` names
//! one (each test makes a database of its own there).

mod answer;
mod bad;
mod bodies;
mod commands;

mod good;
mod logs;
mod places;
mod reports;
mod rows;
mod sending;
mod slow;
mod strangers;

mod texts;
mod webhook;
mod world;
