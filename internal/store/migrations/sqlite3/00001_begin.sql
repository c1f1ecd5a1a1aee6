-- +goose Up

-- Times are microseconds since 1970-01-01 UTC; NULL is no time. Lists and maps
-- are JSON.

-- What the database knows of itself.
CREATE TABLE broadsheet (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    id          TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    counter     INTEGER NOT NULL DEFAULT 0,
    last_number INTEGER NOT NULL DEFAULT 0 -- of a delivery; never given twice
) STRICT;

CREATE TABLE sources (
    source        TEXT    PRIMARY KEY NOT NULL,
    feed          TEXT    NOT NULL,
    etag          TEXT    NOT NULL,
    last_modified TEXT    NOT NULL,
    checked_at    INTEGER,
    not_before    INTEGER,
    failures      INTEGER NOT NULL,
    last_error    TEXT    NOT NULL
) STRICT;

CREATE TABLE articles (
    id         TEXT    PRIMARY KEY NOT NULL CHECK (id <> ''),
    source     TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    link       TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    author     TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    image_url  TEXT    NOT NULL,
    image_alt  TEXT    NOT NULL,
    language   TEXT    NOT NULL,
    labels     TEXT    NOT NULL,
    topics     TEXT    NOT NULL,
    published  INTEGER,
    first_seen INTEGER,
    state      TEXT    NOT NULL CHECK (state IN ('new', 'reserved', 'spent', 'held', 'dropped', 'expired')),
    issue      TEXT    NOT NULL,
    pinned     INTEGER NOT NULL CHECK (pinned IN (0, 1)),
    why        TEXT    NOT NULL,
    UNIQUE (source, key)
) STRICT;

CREATE INDEX articles_by_state ON articles (state, first_seen, id);

CREATE TABLE issues (
    key       TEXT    PRIMARY KEY NOT NULL CHECK (key <> ''),
    created   INTEGER NOT NULL,
    period    INTEGER,
    generated BLOB,
    items     TEXT    NOT NULL DEFAULT 'null', -- JSON: article ids
    summaries TEXT    NOT NULL DEFAULT 'null', -- JSON: provenance by article
    abandoned INTEGER NOT NULL DEFAULT 0 CHECK (abandoned IN (0, 1))
) STRICT;

CREATE TABLE subscribers (
    list     TEXT    NOT NULL CHECK (list <> ''),
    identity TEXT    NOT NULL CHECK (identity <> ''),
    spelled  TEXT    NOT NULL,
    wire     TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    language TEXT    NOT NULL,
    topics   TEXT    NOT NULL,
    added    INTEGER,
    changed  INTEGER,
    PRIMARY KEY (list, identity)
) STRICT;

CREATE INDEX subscribers_by_identity ON subscribers (identity);

CREATE TABLE suppressions (
    identity TEXT    PRIMARY KEY NOT NULL CHECK (identity <> ''),
    reason   TEXT    NOT NULL,
    at       INTEGER
) STRICT;

CREATE TABLE mailings (
    id            TEXT    PRIMARY KEY NOT NULL CHECK (id <> ''),
    issue         TEXT    NOT NULL REFERENCES issues (key),
    frozen_at     INTEGER NOT NULL,
    headers       TEXT    NOT NULL,
    skipped_empty INTEGER NOT NULL,
    spent_at      INTEGER -- of the first outcome that spent the articles
) STRICT;

CREATE INDEX mailings_by_issue ON mailings (issue);

CREATE TABLE masters (
    mailing  TEXT    NOT NULL REFERENCES mailings (id) ON DELETE CASCADE,
    number   INTEGER NOT NULL,
    language TEXT    NOT NULL,
    PRIMARY KEY (mailing, number)
) STRICT;

CREATE TABLE fragments (
    mailing TEXT    NOT NULL,
    master  INTEGER NOT NULL,
    part    TEXT    NOT NULL CHECK (part IN ('html', 'text')),
    number  INTEGER NOT NULL,
    bytes   BLOB    NOT NULL,
    slots   TEXT    NOT NULL,
    PRIMARY KEY (mailing, master, part, number),
    FOREIGN KEY (mailing, master) REFERENCES masters (mailing, number) ON DELETE CASCADE
) STRICT;

CREATE TABLE recipes (
    mailing   TEXT    NOT NULL REFERENCES mailings (id) ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    topics    TEXT    NOT NULL,
    language  TEXT    NOT NULL,
    fragments TEXT    NOT NULL,
    slots     TEXT    NOT NULL, -- values by name
    items     INTEGER NOT NULL,
    subject   TEXT    NOT NULL,
    html_sum  TEXT    NOT NULL,
    text_sum  TEXT    NOT NULL,
    PRIMARY KEY (mailing, number)
) STRICT;

CREATE TABLE mailing_articles (
    mailing TEXT    NOT NULL REFERENCES mailings (id) ON DELETE CASCADE,
    number  INTEGER NOT NULL,
    article TEXT    NOT NULL,
    PRIMARY KEY (mailing, number)
) STRICT;

CREATE TABLE deliveries (
    number     INTEGER PRIMARY KEY NOT NULL,
    mailing    TEXT    NOT NULL REFERENCES mailings (id) ON DELETE CASCADE,
    identity   TEXT    NOT NULL CHECK (identity <> ''),
    spelled    TEXT    NOT NULL,
    wire       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    segment    INTEGER NOT NULL,
    date       INTEGER,
    state      TEXT    NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    since      INTEGER, -- first claim
    claimed_at INTEGER, -- last claim
    due        INTEGER,
    settled_at INTEGER,
    code       INTEGER NOT NULL DEFAULT 0,
    reply      TEXT    NOT NULL DEFAULT '',
    UNIQUE (mailing, identity),
    -- What each state requires. CASE because SQLite builds a table for every IN
    -- of more than two values, again for every row.
    CHECK (CASE state
        WHEN 'queued'     THEN due IS NULL AND settled_at IS NULL
        WHEN 'claimed'    THEN due IS NULL AND settled_at IS NULL AND attempts > 0 AND since IS NOT NULL AND claimed_at IS NOT NULL
        WHEN 'deferred'   THEN due IS NOT NULL AND settled_at IS NULL AND attempts > 0 AND since IS NOT NULL AND claimed_at IS NOT NULL
        WHEN 'sent'       THEN due IS NULL AND settled_at IS NOT NULL AND attempts > 0 AND since IS NOT NULL AND claimed_at IS NOT NULL
        WHEN 'uncertain'  THEN due IS NULL AND settled_at IS NOT NULL AND attempts > 0 AND since IS NOT NULL AND claimed_at IS NOT NULL
        WHEN 'refused'    THEN due IS NULL AND settled_at IS NOT NULL
        WHEN 'suppressed' THEN due IS NULL AND settled_at IS NOT NULL
        ELSE FALSE
    END)
) STRICT;

CREATE INDEX deliveries_by_state ON deliveries (mailing, state);

CREATE INDEX deliveries_by_due ON deliveries (mailing, due) WHERE state = 'deferred';

-- A delivery begins before any attempt.
-- +goose StatementBegin
CREATE TRIGGER deliveries_begin BEFORE INSERT ON deliveries
WHEN new.state NOT IN ('queued', 'suppressed')
BEGIN
    SELECT RAISE(ABORT, 'a delivery begins queued or suppressed');
END;
-- +goose StatementEnd

-- Nothing leaves sent, refused and suppressed; nothing becomes claimed twice.
-- +goose StatementBegin
CREATE TRIGGER deliveries_move BEFORE UPDATE OF state ON deliveries
WHEN CASE old.state || ' ' || new.state
    WHEN 'queued claimed'       THEN FALSE
    WHEN 'queued suppressed'    THEN FALSE
    WHEN 'queued refused'       THEN FALSE -- given up
    WHEN 'deferred claimed'     THEN FALSE
    WHEN 'deferred suppressed'  THEN FALSE
    WHEN 'deferred refused'     THEN FALSE -- given up
    WHEN 'claimed sent'         THEN FALSE
    WHEN 'claimed uncertain'    THEN FALSE
    WHEN 'claimed queued'       THEN FALSE
    WHEN 'claimed deferred'     THEN FALSE
    WHEN 'claimed refused'      THEN FALSE
    WHEN 'claimed suppressed'   THEN FALSE
    WHEN 'uncertain sent'       THEN FALSE -- a person's word
    WHEN 'uncertain queued'     THEN FALSE -- a person's word
    ELSE TRUE
END
BEGIN
    SELECT RAISE(ABORT, 'a delivery cannot move between these states');
END;
-- +goose StatementEnd

-- What may have reached a reader is never forgotten.
-- +goose StatementBegin
CREATE TRIGGER deliveries_stay BEFORE DELETE ON deliveries
WHEN old.state IN ('sent', 'claimed', 'uncertain')
BEGIN
    SELECT RAISE(ABORT, 'a delivery that may have arrived cannot be removed');
END;
-- +goose StatementEnd
