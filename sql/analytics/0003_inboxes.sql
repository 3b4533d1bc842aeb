-- Inbox providers of recipients, errors of bounced and failed messages, and daily facts by provider. One statement per ';' at a line's end.
-- A provider's short name and an error's text come from the door (src/ingest); neither holds an address.

ALTER TABLE events ADD COLUMN inbox LowCardinality(String), ADD COLUMN error String CODEC(ZSTD(1));

ALTER TABLE ingest_events ADD COLUMN inbox LowCardinality(String), ADD COLUMN error String;

-- A view's query is replaced in place: nothing that arrives meanwhile is lost.
ALTER TABLE ingest_events_accepted MODIFY QUERY
SELECT * EXCEPT (line, reason) FROM ingest_events WHERE reason = '';

-- Bounced and failed events by themselves, for whoever asks what went wrong lately: few rows, found by account and time. Read with FINAL, as events are.
CREATE TABLE message_errors (
  account_id   LowCardinality(String),
  campaign     LowCardinality(String),
  message      FixedString(16),
  event        Enum8('bounced'=8,'failed'=9),
  event_key    UInt64,
  occurred_at  DateTime64(3, 'UTC'),
  channel      LowCardinality(String),
  bounce_type  Enum8(''=0,'hard'=1,'soft'=2),
  error        String CODEC(ZSTD(1)),
  load_id      UInt64 CODEC(Delta, ZSTD(1)),
  version      UInt64,
  INDEX by_time occurred_at TYPE minmax GRANULARITY 1
) ENGINE = ReplacingMergeTree(version)
ORDER BY (account_id, campaign, message, event, event_key);

CREATE MATERIALIZED VIEW ingest_events_errors TO message_errors AS
SELECT account_id, campaign, message, toString(event) AS event, event_key, occurred_at, channel, bounce_type, error, load_id, version FROM ingest_events WHERE reason = '' AND event IN ('bounced', 'failed');

INSERT INTO message_errors (account_id, campaign, message, event, event_key, occurred_at, channel, bounce_type, error, load_id, version)
SELECT account_id, campaign, message, toString(event), event_key, occurred_at, channel, bounce_type, error, load_id, version FROM events WHERE event IN ('bounced', 'failed');

-- Message facts as a running refresh counts them, by provider too and before it is known which deliveries count: rows of its own generation only, removed some time after.
CREATE TABLE counted_messages (
  account_id         LowCardinality(String),
  generation         UInt64,
  campaign           LowCardinality(String),
  basis              Enum8('send'=1,'event'=2),
  day                Date,
  channel            LowCardinality(String),
  country            LowCardinality(String),
  variant            LowCardinality(String),
  inbox              LowCardinality(String),
  sends              UInt64,
  derived_deliveries UInt64,
  explicit_deliveries UInt64,
  opens              UInt64,
  total_opens        UInt64,
  machine_opens      UInt64,
  clicks             UInt64,
  total_clicks       UInt64,
  bot_clicks         UInt64,
  unsubscribes       UInt64,
  complaints         UInt64,
  hard_bounces       UInt64,
  soft_bounces       UInt64,
  failures           UInt64,
  held_out           UInt64,
  earliest           DateTime64(3, 'UTC'),
  latest             DateTime64(3, 'UTC')
) ENGINE = MergeTree
ORDER BY (account_id, generation, campaign);

-- E-mail by the recipient's provider ('': not known), rebuilt with the campaign's messages (family 'messages').
CREATE TABLE inbox_facts (
  account_id   LowCardinality(String),
  campaign     LowCardinality(String),
  generation   UInt64,
  basis        Enum8('send'=1,'event'=2),
  day          Date,
  inbox        LowCardinality(String),
  sends        UInt64,
  deliveries   UInt64,
  opens        UInt64,
  clicks       UInt64,
  unsubscribes UInt64,
  complaints   UInt64,
  hard_bounces UInt64,
  soft_bounces UInt64,
  INDEX by_generation generation TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
ORDER BY (account_id, basis, day, campaign, generation);
