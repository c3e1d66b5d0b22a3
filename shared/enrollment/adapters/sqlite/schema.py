"""The tables of a store: a record is a whole value as JSON, the rest is for looking up."""

import re

SCHEMA_VERSION = 1
CORE = frozenset({"entries", "messages", "reviews"})  # the tables that every version has
SCHEMA = """
create table if not exists entries (
    id text primary key, record text not null, version integer not null,
    updated_at integer not null, state text not null, outcome text, reason text,
    wake_at integer, course_id text not null, student_key text not null, expire_at integer
);
create index if not exists entries_due on entries (state, wake_at) where wake_at is not null;
create index if not exists entries_student on entries (student_key, course_id);
create index if not exists entries_expired on entries (expire_at) where expire_at is not null;
create index if not exists entries_counts on entries (state, outcome, reason);
create table if not exists messages (
    id integer primary key autoincrement, topic text not null, body blob not null,
    attributes text not null, visible_at integer not null, number integer not null default 0,
    pulled integer not null default 0
);
create index if not exists messages_visible on messages (topic, visible_at, id);
create table if not exists reviews (
    id text primary key, record text not null, body blob not null, version integer not null,
    state text not null, filed_at integer not null, request_id text, closed_at integer
);
create index if not exists reviews_open on reviews (state, filed_at, id);
create index if not exists reviews_closed on reviews (closed_at) where closed_at is not null;
create index if not exists reviews_request on reviews (request_id) where request_id is not null;
create table if not exists imports (digest text primary key, received_at integer not null);
create table if not exists pseudonyms (
    id integer primary key check (id = 1), fingerprint text not null
);
create table if not exists receipts (
    id text primary key, record text not null, expire_at integer not null
);
create index if not exists receipts_expired on receipts (expire_at);
create table if not exists noted (
    request_id text not null, source text not null, became text not null, receipt text not null,
    expire_at integer not null, primary key (request_id, source)
);
create index if not exists noted_expired on noted (expire_at);
create table if not exists directory (
    source text not null, kind text not null, id text not null, record text not null,
    expire_at integer not null, primary key (source, kind, id)
);
create index if not exists directory_expired on directory (expire_at);
create table if not exists forms (
    id text primary key, record text not null, version integer not null
);
create table if not exists line (
    id integer primary key check (id = 1), record text not null, version integer not null
);
"""
TABLES = frozenset(re.findall(r"create table if not exists (\w+)", SCHEMA))
