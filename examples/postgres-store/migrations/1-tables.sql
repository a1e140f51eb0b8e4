-- Every table of aggregates has one key: organisation, kind and id. The same id in two organisations is two things.
-- Instants are milliseconds since 1970. Payloads are `json`, not `jsonb`: text is kept to the letter.
--
-- The schema keeps the rules of distributed PostgreSQL: every unique key begins with the column that the table is distributed
-- by, and a foreign key stays within one organisation. README.md says which table is distributed by what.

-- Where each aggregate is. Its state is what its events come to, and stands nowhere. Whoever writes an aggregate locks its row.
CREATE TABLE aggregates (
  organisation uuid NOT NULL,
  kind text NOT NULL,
  id uuid NOT NULL,
  version bigint NOT NULL,
  deadline bigint,
  PRIMARY KEY (organisation, kind, id)
);

-- What is due: the earliest first, and nothing that has no deadline.
CREATE INDEX aggregates_due ON aggregates (kind, deadline) WHERE deadline IS NOT NULL;

CREATE TABLE events (
  organisation uuid NOT NULL,
  kind text NOT NULL,
  id uuid NOT NULL,
  version bigint NOT NULL,
  payload json NOT NULL,
  command uuid NOT NULL,
  actor json NOT NULL,
  at bigint NOT NULL,
  correlation uuid NOT NULL,
  causation uuid,
  PRIMARY KEY (organisation, kind, id, version)
);

-- The commands that were committed, for as long as they are known.
CREATE TABLE commands (
  organisation uuid NOT NULL,
  kind text NOT NULL,
  id uuid NOT NULL,
  command uuid NOT NULL,
  fingerprint uuid NOT NULL,
  version bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (organisation, kind, id, command)
);

-- What may be forgotten.
CREATE INDEX commands_at ON commands (at);

-- The effects that are not done. Only the first of an aggregate may be lent, and only it has a `free_from`: the instant from
-- which on it may be lent. Without that, a thousand effects behind one that is lent would be read again at every lease.
CREATE TABLE effects (
  organisation uuid NOT NULL,
  kind text NOT NULL,
  id uuid NOT NULL,
  version bigint NOT NULL,
  n integer NOT NULL,
  payload json NOT NULL,
  tries bigint NOT NULL DEFAULT 0,
  free_from bigint,
  PRIMARY KEY (organisation, kind, id, version, n),
  FOREIGN KEY (organisation, kind, id, version) REFERENCES events
);

CREATE INDEX effects_free ON effects (kind, free_from) WHERE free_from IS NOT NULL;

-- What one aggregate holds alone, over all kinds and all organisations: the key is the claim itself.
CREATE TABLE claims (
  claim text NOT NULL PRIMARY KEY,
  organisation uuid NOT NULL,
  kind text NOT NULL,
  id uuid NOT NULL
);
