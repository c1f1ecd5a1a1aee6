-- +goose Up

-- What a source writes under a known key after an issue with it was frozen is
-- a revision: an article of its own beside the one that readers have.
CREATE TABLE articles_new (
    id         TEXT    PRIMARY KEY NOT NULL CHECK (id <> ''),
    source     TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    revision   INTEGER NOT NULL DEFAULT 0 CHECK (revision >= 0),
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
    UNIQUE (source, key, revision)
) STRICT;

INSERT INTO articles_new (id, source, key, link, title, author, text, image_url, image_alt, language, labels,
    topics, published, first_seen, state, issue, pinned, why)
SELECT id, source, key, link, title, author, text, image_url, image_alt, language, labels,
    topics, published, first_seen, state, issue, pinned, why FROM articles;

DROP TABLE articles;

ALTER TABLE articles_new RENAME TO articles;

CREATE INDEX articles_by_state ON articles (state, first_seen, id);
