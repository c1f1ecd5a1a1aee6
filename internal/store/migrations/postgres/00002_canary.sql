-- +goose Up

-- The part of the mailing that goes first, and what came of it (JSON).
ALTER TABLE mailings ADD COLUMN canary TEXT NOT NULL DEFAULT 'null';
