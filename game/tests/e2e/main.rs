//! End-to-end tests: the program itself, its processes, real sockets on loopback, a real database in a
//! fresh folder. What one command does is tested in transcripts; here is what only the whole can show.
//!
//! `harness/` starts games and plays; every other file tests one subject.

mod harness;

mod accounts;
mod api;
mod background;
mod book;
mod browser;
mod bugs;
mod clients;
mod crash;
mod errors;
mod foreground;
mod injection;
mod limits;
mod new;
mod offline;
mod options;
mod play;
mod reload;
mod restart;
mod resume;
mod services;
mod site;
mod ssh;
mod store;
mod text_is_data;
mod web;
