-- Writes what a message says. It travels as it is: in JSON every quotation mark would be escaped.
INSERT INTO message_bodies (workspace_id, message_id, text, html, reply_text)
VALUES (CAST(%(workspace_id)s AS bigint), CAST(%(message_id)s AS bigint), %(text)s, %(html)s,
        %(reply_text)s)
