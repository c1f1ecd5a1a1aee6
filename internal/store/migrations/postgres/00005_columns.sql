-- +goose Up

-- Nearly every address is spelled as its identity, and on the wire as it is
-- spelled: NULL says so.
ALTER TABLE subscribers ALTER COLUMN spelled DROP NOT NULL;
ALTER TABLE subscribers ALTER COLUMN wire DROP NOT NULL;
ALTER TABLE recipients ALTER COLUMN spelled DROP NOT NULL;
ALTER TABLE recipients ALTER COLUMN wire DROP NOT NULL;

-- One index, by reader. The numbers go through all readers, so that whatever
-- happened stands in its order.
ALTER TABLE broadsheet ADD COLUMN last_change BIGINT NOT NULL DEFAULT 0; -- the last number of a change

UPDATE broadsheet SET last_change = COALESCE((SELECT MAX(number) FROM changes), 0);

ALTER TABLE changes ALTER COLUMN number DROP IDENTITY;
ALTER TABLE changes DROP CONSTRAINT changes_pkey;
ALTER TABLE changes ADD PRIMARY KEY (identity, number);
DROP INDEX changes_by_identity;
