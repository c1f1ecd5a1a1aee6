-- +goose Up

-- Where the database is now, if it has moved; '' while it is here.
ALTER TABLE broadsheet ADD COLUMN moved TEXT NOT NULL DEFAULT '';
