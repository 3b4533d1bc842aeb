-- Work beside the calls, as people may look at it: long reports, imports, recounts, purges. pg-boss says when a job runs and where; this says what became of it.
-- One statement per ';' at a line's end.

CREATE TABLE jobs (
  id          text PRIMARY KEY,                        -- job_…
  account_id  text REFERENCES accounts ON DELETE CASCADE,       -- null: of the installation
  type        text NOT NULL,                           -- report, import, recount …: src/domain/operations/job.ts has them all
  title       text NOT NULL,                           -- what it does, in words
  user_id     text,                                    -- who asked; null: the clock, or an operator at the command line
  client_id   text,
  state       text NOT NULL CHECK (state IN ('queued','running','completed','failed','cancelled')),
  done        bigint NOT NULL DEFAULT 0,
  of          bigint,
  message     text,                                    -- the step it is at
  partial     jsonb,                                   -- what may honestly be told before the end
  request     jsonb,                                   -- long reports: the tool, its arguments and the scopes of the token that asked
  result      json,                                    -- the answer, until expires_at; json keeps its order
  error       jsonb,                                   -- {code, message, details} as the caller may see it
  attempts    integer NOT NULL DEFAULT 0,              -- which run it is: a run that was taken for lost can no longer write
  created_at  timestamptz NOT NULL DEFAULT now(),
  started_at  timestamptz,
  heartbeat_at timestamptz,                            -- while running: when its process last said that it lives
  updated_at  timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  expires_at  timestamptz                              -- then the row goes
);
CREATE INDEX jobs_by_account ON jobs (account_id, created_at DESC, id DESC);
CREATE INDEX jobs_open ON jobs (state) WHERE state IN ('queued','running');
CREATE INDEX jobs_expiry ON jobs (expires_at) WHERE expires_at IS NOT NULL;
