-- What listing and searching entities needs. One statement per ';' at a line's end.

-- One for each order of list_entities (domain/explorer/rows-repository.ts): a page is read from its place on, whatever came before it.
CREATE INDEX entities_by_name ON entities (account_id, type, (lower(name) COLLATE "C"), id);
CREATE INDEX entities_by_created ON entities (account_id, type, created_at, id);
CREATE INDEX entities_by_updated ON entities (account_id, type, updated_at, id);
CREATE INDEX entities_by_start ON entities (account_id, type, coalesce(starts_at, '-infinity'::timestamptz), id);
