-- +goose Up

-- Nearly every address is spelled as its identity, and on the wire as it is
-- spelled: NULL says so in a byte.
ALTER TABLE subscribers ALTER COLUMN spelled DROP NOT NULL;
ALTER TABLE subscribers ALTER COLUMN wire DROP NOT NULL;
ALTER TABLE recipients ALTER COLUMN spelled DROP NOT NULL;
ALTER TABLE recipients ALTER COLUMN wire DROP NOT NULL;

-- One tree, by reader, as the readers themselves have. The numbers go through all
-- readers, so that whatever happened stands in its order.
CREATE TABLE changes_new (
    number   INTEGER NOT NULL,
    identity TEXT    NOT NULL CHECK (identity <> ''),
    at       INTEGER,
    -- CASE because SQLite builds a table for every IN of more than two values,
    -- again for every row.
    what     TEXT    NOT NULL CHECK (CASE what
        WHEN 'added'        THEN TRUE
        WHEN 'changed'      THEN TRUE
        WHEN 'removed'      THEN TRUE
        WHEN 'suppressed'   THEN TRUE
        WHEN 'unsuppressed' THEN TRUE
        WHEN 'forgotten'    THEN TRUE
        ELSE FALSE
    END),
    list     TEXT    NOT NULL, -- '' for suppressions
    detail   TEXT    NOT NULL,
    PRIMARY KEY (identity, number)
) STRICT, WITHOUT ROWID;

ALTER TABLE broadsheet ADD COLUMN last_change INTEGER NOT NULL DEFAULT 0; -- the last number of a change

UPDATE broadsheet SET last_change = COALESCE((SELECT MAX(number) FROM changes), 0);

INSERT INTO changes_new (number, identity, at, what, list, detail)
SELECT number, identity, at, what, list, detail FROM changes ORDER BY identity, number;

DROP TABLE changes;

ALTER TABLE changes_new RENAME TO changes;
