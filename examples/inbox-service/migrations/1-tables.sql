-- What the host keeps for itself: who people are, which conversations there are, what was written, what Meta delivered. What is
-- decided stands in the store. The same text makes the tables of SQLite and of PostgreSQL: ids are text, instants milliseconds
-- since 1970.

CREATE TABLE organisations (
  id text NOT NULL PRIMARY KEY,
  name text NOT NULL,
  policy text NOT NULL
);

CREATE TABLE people (
  organisation text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  account text NOT NULL,
  PRIMARY KEY (organisation, id)
);

CREATE TABLE teams (
  organisation text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (organisation, id)
);

CREATE TABLE memberships (
  organisation text NOT NULL,
  person text NOT NULL,
  team text NOT NULL,
  role text NOT NULL,
  PRIMARY KEY (organisation, person, team)
);

-- People of the provider's, and the onboardings that they serve.
CREATE TABLE operators (
  id text NOT NULL PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE served (
  organisation text NOT NULL,
  onboarding text NOT NULL,
  operator text NOT NULL,
  PRIMARY KEY (organisation, onboarding, operator)
);

CREATE TABLE onboardings (
  organisation text NOT NULL,
  id text NOT NULL,
  PRIMARY KEY (organisation, id)
);

-- By what a delivery finds the onboardings that it may be about: an account, a number, its id at Meta, a business.
CREATE TABLE traces (
  value text NOT NULL,
  organisation text NOT NULL,
  onboarding text NOT NULL,
  PRIMARY KEY (value, organisation, onboarding)
);

CREATE TABLE channels (
  organisation text NOT NULL,
  id text NOT NULL,
  phone_number text NOT NULL,
  account text NOT NULL,
  PRIMARY KEY (organisation, id)
);

CREATE INDEX channels_by_number ON channels (phone_number);
CREATE INDEX channels_by_account ON channels (account);

CREATE TABLE conversations (
  organisation text NOT NULL,
  channel text NOT NULL,
  id text NOT NULL,
  customer text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (organisation, id)
);

CREATE INDEX conversations_by_channel ON conversations (organisation, channel, id);

-- What was written. One that the team writes is first `asked`, then `to-send` once its reply is decided, `sending` when Meta is
-- called, and then `sent`, `failed` or `unknown`: no call is repeated.
CREATE TABLE messages (
  organisation text NOT NULL,
  conversation text NOT NULL,
  id text NOT NULL,
  author text NOT NULL,
  body text NOT NULL,
  at bigint NOT NULL,
  state text NOT NULL,
  state_at bigint NOT NULL,
  PRIMARY KEY (organisation, conversation, id)
);

CREATE INDEX messages_on_the_way ON messages (state, state_at) WHERE state IN ('asked', 'to-send', 'sending');

CREATE TABLE notes (
  organisation text NOT NULL,
  conversation text NOT NULL,
  id text NOT NULL,
  author text NOT NULL,
  body text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (organisation, conversation, id)
);

CREATE TABLE templates (
  organisation text NOT NULL,
  id text NOT NULL,
  account text NOT NULL,
  name text NOT NULL,
  language text NOT NULL,
  meta_id text,
  PRIMARY KEY (organisation, id)
);

CREATE INDEX templates_by_account ON templates (account, name, language);

-- What Meta delivered, to the byte, by its SHA-256: the same delivery again is one row. `new` is still to be read, `unplaced`
-- waits for what it is about, `done` is kept for a while.
CREATE TABLE deliveries (
  id text NOT NULL PRIMARY KEY,
  body bytea NOT NULL,
  received_at bigint NOT NULL,
  state text NOT NULL,
  taken_until bigint NOT NULL
);

CREATE INDEX deliveries_to_read ON deliveries (state, received_at) WHERE state <> 'done';
