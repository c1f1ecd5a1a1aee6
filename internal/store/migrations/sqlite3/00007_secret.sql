-- +goose Up

-- Which secret file belongs to the database: a fingerprint; '' before the first.
ALTER TABLE broadsheet ADD COLUMN secret TEXT NOT NULL DEFAULT '';
