-- Takes a mail with its content in one piece, and answers its id; nothing when it is here already.
WITH taken AS ($mail)
INSERT INTO inbound_pieces (workspace_id, mail_id, number, content)
SELECT workspace_id, id, 0, CAST(%(content)s AS bytea) FROM taken RETURNING mail_id
