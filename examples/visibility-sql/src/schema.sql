-- Everything is keyed by its organisation first: the same id in two organisations is two things.
CREATE TABLE channels (
  organisation BLOB NOT NULL,
  id BLOB NOT NULL,
  all_users TEXT CHECK (all_users IN ('viewer', 'contributor', 'supervisor')),
  all_teams INTEGER NOT NULL CHECK (all_teams IN (FALSE, TRUE)),
  PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;

-- `ends` is in milliseconds since 1970, and empty for a grant without an end.
CREATE TABLE user_grants (
  organisation BLOB NOT NULL,
  user BLOB NOT NULL,
  channel BLOB NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'contributor', 'supervisor')),
  ends INTEGER,
  PRIMARY KEY (organisation, user, channel),
  FOREIGN KEY (organisation, channel) REFERENCES channels
) STRICT, WITHOUT ROWID;

CREATE TABLE team_grants (
  organisation BLOB NOT NULL,
  team BLOB NOT NULL,
  channel BLOB NOT NULL,
  PRIMARY KEY (organisation, team, channel),
  FOREIGN KEY (organisation, channel) REFERENCES channels
) STRICT, WITHOUT ROWID;
