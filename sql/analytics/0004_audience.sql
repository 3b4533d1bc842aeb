-- What counting audiences reads. One statement per ';' at a line's end.

-- Channels a customer agreed to as bits, in the order of src/domain/channels.ts: ten times as quick to test as the list.
ALTER TABLE customers ADD COLUMN channels UInt8 DEFAULT arraySum(channel -> transform(toString(channel), ['Email', 'SMS', 'WhatsApp', 'Viber', 'MobilePush', 'WebPush'], [1, 2, 4, 8, 16, 32], 0), arrayDistinct(consent));

-- The first half of the customer's hash: what sets of people are asked for, half the bytes of the whole.
ALTER TABLE customers ADD COLUMN customer_number UInt64 DEFAULT reinterpretAsUInt64(customer);

-- Each message as a refresh understood it (docs/figures.md, "A message"): daily facts, touches and engagements are made from it, so that its events are
-- grouped once. Rebuilt with its campaign (family 'messages'). Instants in milliseconds, 0: none.
CREATE TABLE messages (
  account_id   LowCardinality(String),
  campaign     LowCardinality(String),
  generation   UInt64,
  message      FixedString(16),
  customer     FixedString(16),
  channel      LowCardinality(String),
  country      LowCardinality(String),
  variant      LowCardinality(String),
  inbox        LowCardinality(String),
  sent         Int64,
  held         Int64,
  delivered    Int64,
  opens        Array(Int64),
  machine_open Int64,
  clicks       Array(Int64),
  bot_clicks   Array(Int64),
  unsubscribed Int64,
  complained   Int64,
  hard         Int64,
  soft         Int64,
  failed       Int64,
  first_at     Int64,
  last_at      Int64,
  INDEX by_sent sent TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
ORDER BY (account_id, campaign, generation, message);

-- What people did with messages, found by account, kind and time (family 'messages'): a row for every quarter of an hour in which a message was opened or
-- clicked, else for the first time. Days of every zone begin with a quarter of an hour. customer_number and message_number are the first halves of the
-- hashes; fact is campaign and generation in one number.
CREATE TABLE engagements (
  account_id      LowCardinality(String),
  kind            Enum8('opened'=1,'clicked'=2,'unsubscribed'=3,'complained'=4,'hard'=5,'soft'=6),
  at              DateTime('UTC'),
  customer_number UInt64,
  message_number  UInt64,
  fact            UInt64,
  campaign        LowCardinality(String),
  generation      UInt64,
  channel         LowCardinality(String),
  country         LowCardinality(String),
  variant         LowCardinality(String),
  INDEX by_generation generation TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
ORDER BY (account_id, kind, at);
