-- Every table of aggregates has one key: organisation, kind and id. The same id in two organisations is two things.
-- UUIDs and fingerprints are blobs of 16 bytes, instants are milliseconds since 1970, payloads are JSON.
-- WITHOUT ROWID keeps the rows of one aggregate beside each other, so that a load reads one place.

-- Where each aggregate is. Its state is what its events come to, and stands nowhere.
CREATE TABLE aggregates (
  organisation BLOB NOT NULL,
  kind TEXT NOT NULL,
  id BLOB NOT NULL,
  version INTEGER NOT NULL,
  deadline INTEGER,
  PRIMARY KEY (organisation, kind, id)
) STRICT, WITHOUT ROWID;

-- What is due: the earliest first, and nothing that has no deadline.
CREATE INDEX aggregates_due ON aggregates (kind, deadline) WHERE deadline IS NOT NULL;

CREATE TABLE events (
  organisation BLOB NOT NULL,
  kind TEXT NOT NULL,
  id BLOB NOT NULL,
  version INTEGER NOT NULL,
  payload TEXT NOT NULL,
  command BLOB NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  correlation BLOB NOT NULL,
  causation BLOB,
  PRIMARY KEY (organisation, kind, id, version)
) STRICT, WITHOUT ROWID;

-- The commands that were committed, for as long as they are known.
CREATE TABLE commands (
  organisation BLOB NOT NULL,
  kind TEXT NOT NULL,
  id BLOB NOT NULL,
  command BLOB NOT NULL,
  fingerprint BLOB NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (organisation, kind, id, command)
) STRICT, WITHOUT ROWID;

-- What may be forgotten.
CREATE INDEX commands_at ON commands (at);

-- The effects that are not done. Only the first of an aggregate may be lent, and only it has a `free_from`: the instant from
-- which on it may be lent. Without that, a thousand effects behind one that is lent would be read again at every lease.
CREATE TABLE effects (
  organisation BLOB NOT NULL,
  kind TEXT NOT NULL,
  id BLOB NOT NULL,
  version INTEGER NOT NULL,
  n INTEGER NOT NULL,
  payload TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  free_from INTEGER,
  PRIMARY KEY (organisation, kind, id, version, n),
  FOREIGN KEY (organisation, kind, id, version) REFERENCES events
) STRICT, WITHOUT ROWID;

CREATE INDEX effects_free ON effects (kind, free_from) WHERE free_from IS NOT NULL;

-- What one aggregate holds alone, over all kinds and all organisations: the key is the claim itself.
CREATE TABLE claims (
  claim TEXT NOT NULL PRIMARY KEY,
  organisation BLOB NOT NULL,
  kind TEXT NOT NULL,
  id BLOB NOT NULL
) STRICT, WITHOUT ROWID;
