-- What Meta reports of a message later: `sent` becomes `delivered`, `read`, or `failed` for a reason.
ALTER TABLE messages ADD COLUMN fault text;
-- Of a template that is sent what was asked for and what Meta is told, in JSON; of a text nothing.
ALTER TABLE messages ADD COLUMN template text NOT NULL DEFAULT '';

-- The latest of a conversation.
CREATE INDEX messages_by_time ON messages (organisation, conversation, at, id);
-- Whether an earlier message of a conversation is still on its way. Of two that serve alike SQLite takes the one that was made last.
CREATE INDEX messages_unsent ON messages (organisation, conversation, at, id)
  WHERE state IN ('asked', 'to-send', 'sending');

-- What waits for what it is about is read again at a time of its own, `taken_until`, and after what is new.
DROP INDEX deliveries_to_read;
CREATE INDEX deliveries_to_read ON deliveries (state, taken_until, received_at) WHERE state <> 'done';

-- A delivery names a template, and not always its account.
DROP INDEX templates_by_account;
CREATE INDEX templates_by_key ON templates (name, language, account);
