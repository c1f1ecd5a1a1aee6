-- +goose Up

-- A mailing's recipients are written once; its deliveries move with every
-- letter. In rows of their own the moves touch few and small pages, and the
-- counts of the states need no index that every move would have to keep.

ALTER TABLE mailings ADD COLUMN first_number INTEGER NOT NULL DEFAULT 0; -- of its deliveries, which follow one another
ALTER TABLE mailings ADD COLUMN last_number INTEGER NOT NULL DEFAULT -1;

UPDATE mailings SET
    first_number = COALESCE((SELECT MIN(number) FROM deliveries WHERE mailing = mailings.id), 0),
    last_number = COALESCE((SELECT MAX(number) FROM deliveries WHERE mailing = mailings.id), -1);

ALTER TABLE deliveries RENAME TO former;
DROP INDEX deliveries_by_state;
DROP INDEX deliveries_by_due;
DROP TRIGGER deliveries_begin;
DROP TRIGGER deliveries_move;
DROP TRIGGER deliveries_stay;

CREATE TABLE recipients (
    number   INTEGER PRIMARY KEY NOT NULL, -- the delivery's
    mailing  TEXT    NOT NULL REFERENCES mailings (id) ON DELETE CASCADE,
    identity TEXT    NOT NULL CHECK (identity <> ''),
    spelled  TEXT    NOT NULL,
    wire     TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    segment  INTEGER NOT NULL,
    date     INTEGER,
    UNIQUE (mailing, identity)
) STRICT;

CREATE TABLE deliveries (
    number     INTEGER PRIMARY KEY NOT NULL REFERENCES recipients (number) ON DELETE CASCADE,
    state      TEXT    NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    since      INTEGER, -- first attempt
    claimed_at INTEGER, -- last claim
    due        INTEGER,
    settled_at INTEGER,
    code       INTEGER NOT NULL DEFAULT 0,
    reply      TEXT    NOT NULL DEFAULT '',
    -- What each state requires. CASE because SQLite builds a table for every IN
    -- of more than two values, again for every row.
    CHECK (CASE state
        WHEN 'queued'     THEN due IS NULL AND settled_at IS NULL
        WHEN 'claimed'    THEN due IS NULL AND settled_at IS NULL AND attempts > 0 AND since IS NOT NULL AND claimed_at IS NOT NULL
        WHEN 'deferred'   THEN due IS NOT NULL AND settled_at IS NULL AND attempts > 0 AND since IS NOT NULL
        WHEN 'sent'       THEN due IS NULL AND settled_at IS NOT NULL AND attempts > 0 AND since IS NOT NULL AND claimed_at IS NOT NULL
        WHEN 'uncertain'  THEN due IS NULL AND settled_at IS NOT NULL AND attempts > 0 AND since IS NOT NULL AND claimed_at IS NOT NULL
        WHEN 'refused'    THEN due IS NULL AND settled_at IS NOT NULL
        WHEN 'suppressed' THEN due IS NULL AND settled_at IS NOT NULL
        ELSE FALSE
    END)
) STRICT;

-- How many deliveries of a mailing are in each state, kept with every move.
CREATE TABLE tallies (
    mailing TEXT    NOT NULL REFERENCES mailings (id) ON DELETE CASCADE,
    state   TEXT    NOT NULL,
    count   INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (mailing, state)
) STRICT, WITHOUT ROWID;

INSERT INTO recipients SELECT number, mailing, identity, spelled, wire, name, segment, date FROM former;
INSERT INTO deliveries SELECT number, state, attempts, since, claimed_at, due, settled_at, code, reply FROM former;
INSERT INTO tallies SELECT mailing, state, COUNT(*) FROM former GROUP BY mailing, state;
DROP TABLE former;

CREATE INDEX deliveries_by_due ON deliveries (due) WHERE state = 'deferred';

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
    WHEN 'claimed sent'         THEN FALSE
    WHEN 'queued suppressed'    THEN FALSE
    WHEN 'queued refused'       THEN FALSE -- before the body
    WHEN 'queued deferred'      THEN FALSE -- before the body
    WHEN 'deferred claimed'     THEN FALSE
    WHEN 'deferred suppressed'  THEN FALSE
    WHEN 'deferred refused'     THEN FALSE -- before the body
    WHEN 'deferred deferred'    THEN FALSE -- before the body
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
