-- Takes a mail that came to a Smart BCC address, once.
INSERT INTO inbound_mails ($columns)
SELECT $columns
  FROM json_populate_record(CAST(NULL AS inbound_mails), CAST(%(mail)s AS json))
ON CONFLICT DO NOTHING RETURNING workspace_id, id
