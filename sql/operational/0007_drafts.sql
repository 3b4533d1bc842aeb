-- Drafts: what assistants and people propose, what was said of it, and how it was decided. One statement per ';' at a line's end.

-- One row for each entity that was proposed here. The entity itself holds what the draft is now.
CREATE TABLE drafts (
  account_id  text NOT NULL,
  entity_id   text NOT NULL,
  revision    integer NOT NULL DEFAULT 1,            -- goes up with every edit: who decides says which one they saw
  proposed_by text,                                  -- the person; null once they are deleted
  client_id   text NOT NULL,                         -- the OAuth client, or dashboard
  tool        text,                                  -- the call it came by; null: the dashboard
  description text,                                  -- the words it was made from, where it was made from words
  original    jsonb NOT NULL,                        -- {name, startsAt, endsAt, definition} as proposed
  fingerprint text NOT NULL,                         -- of what it is now, without its name: two of one kind are duplicates
  proposed_at timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  decision    text CHECK (decision IN ('approved','rejected','expired')),
  decided_by  text,
  decided_at  timestamptz,
  reason      text,
  PRIMARY KEY (account_id, entity_id),
  FOREIGN KEY (account_id, entity_id) REFERENCES entities (account_id, id) ON DELETE CASCADE
);
CREATE INDEX drafts_open ON drafts (account_id, proposed_at, entity_id) WHERE decision IS NULL;
CREATE INDEX drafts_decided ON drafts (account_id, decided_at, entity_id) WHERE decision IS NOT NULL;
CREATE INDEX drafts_fingerprint ON drafts (account_id, fingerprint);

-- What people said of a draft and did to it, in its order.
CREATE TABLE draft_notes (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id text NOT NULL,
  entity_id  text NOT NULL,
  at         timestamptz NOT NULL,
  user_id    text,
  kind       text NOT NULL CHECK (kind IN ('comment','edit','step')),
  text       text,
  changes    jsonb NOT NULL DEFAULT '[]',            -- of an edit: [{path, before, after}]
  FOREIGN KEY (account_id, entity_id) REFERENCES drafts (account_id, entity_id) ON DELETE CASCADE
);
CREATE INDEX draft_notes_of ON draft_notes (account_id, entity_id, id);

-- Campaigns that were made here before: those that wait get the time that a new draft has. Their fingerprint is like no other.
INSERT INTO drafts (account_id, entity_id, proposed_by, client_id, tool, original, fingerprint, proposed_at, expires_at, decision, decided_at)
SELECT account_id, id, created_by, CASE origin WHEN 'dashboard' THEN 'dashboard' ELSE 'unknown' END, CASE origin WHEN 'mcp' THEN 'create_campaign' END,
  jsonb_build_object(
    'name', name,
    'startsAt', to_char(starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'endsAt', to_char(ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'definition', definition
  ), 'before:' || id, created_at, now() + interval '30 days',
  CASE WHEN status <> 'draft' THEN 'approved' END, CASE WHEN status <> 'draft' THEN updated_at END
FROM entities WHERE type = 'campaign' AND origin IN ('mcp', 'dashboard');
