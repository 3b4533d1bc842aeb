-- Documents of an account, cut into sections, for search_docs and get_doc. One statement per ';' at a line's end.
-- The search index of an account is not here: any process makes it from these rows, and makes it anew when the version has moved.

CREATE TABLE document_sets (
  account_id text PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  version    bigint NOT NULL                           -- raised with every change of the account's documents
);

CREATE TABLE documents (
  account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  id         text NOT NULL,                            -- doc_…, always the same for the same source and path
  source     text NOT NULL,                            -- the name of the folder it came from
  path       text NOT NULL,                            -- within the folder, with /
  title      text NOT NULL,
  hash       text NOT NULL,                            -- of what the file held: an unchanged file is left alone
  bytes      integer NOT NULL,                         -- of the text kept
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, id),
  UNIQUE (account_id, source, path)
);

CREATE TABLE document_sections (
  account_id  text NOT NULL,
  document_id text NOT NULL,
  position    integer NOT NULL,                        -- 0, 1, …: all texts in this order are the document
  anchor      text NOT NULL,
  level       smallint NOT NULL,                       -- 1–6; 0: what stands before the first heading
  heading     text NOT NULL,
  trail       text[] NOT NULL,                         -- the headings above it, outermost first
  text        text NOT NULL,                           -- Markdown, its heading included
  PRIMARY KEY (account_id, document_id, position),
  FOREIGN KEY (account_id, document_id) REFERENCES documents ON DELETE CASCADE
);
