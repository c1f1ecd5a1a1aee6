-- +goose Up

-- One tree, by reader: a list of a million is read in order, and what all lists
-- say of one reader stands together.
CREATE TABLE subscribers_new (
    identity TEXT    NOT NULL CHECK (identity <> ''),
    list     TEXT    NOT NULL CHECK (list <> ''),
    spelled  TEXT    NOT NULL,
    wire     TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    language TEXT    NOT NULL,
    topics   TEXT    NOT NULL,
    consent  INTEGER,          -- when the reader asked for the letter
    origin   TEXT    NOT NULL, -- and where
    added    INTEGER,
    changed  INTEGER,
    PRIMARY KEY (identity, list)
) STRICT, WITHOUT ROWID;

INSERT INTO subscribers_new (identity, list, spelled, wire, name, language, topics, consent, origin, added, changed)
SELECT identity, list, spelled, wire, name, language, topics, NULL, '', added, changed FROM subscribers;

DROP TABLE subscribers;

ALTER TABLE subscribers_new RENAME TO subscribers;

-- What happened to readers, and when: every change of the lists in the database
-- and of the suppressions. A reader who was forgotten has no history but that.
CREATE TABLE changes (
    number   INTEGER PRIMARY KEY NOT NULL,
    identity TEXT    NOT NULL CHECK (identity <> ''),
    at       INTEGER,
    what     TEXT    NOT NULL CHECK (what IN ('added', 'changed', 'removed', 'suppressed', 'unsuppressed', 'forgotten')),
    list     TEXT    NOT NULL, -- '' for suppressions
    detail   TEXT    NOT NULL
) STRICT;

CREATE INDEX changes_by_identity ON changes (identity);
