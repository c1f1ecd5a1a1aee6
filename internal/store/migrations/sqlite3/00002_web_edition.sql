-- +goose Up

-- The whole issue as it was frozen (JSON): what the web edition is made of.
ALTER TABLE mailings ADD COLUMN content TEXT NOT NULL DEFAULT '{}';

-- What was done to make a segment's page small enough.
ALTER TABLE recipes ADD COLUMN fit TEXT NOT NULL DEFAULT '';
ALTER TABLE recipes ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;
