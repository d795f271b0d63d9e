-- Writes one piece of a large mail.
INSERT INTO inbound_pieces (workspace_id, mail_id, number, content)
VALUES (CAST(%(workspace_id)s AS bigint), CAST(%(mail_id)s AS bigint),
        CAST(%(number)s AS smallint), CAST(%(content)s AS bytea))
