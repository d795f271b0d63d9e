-- Writes down that a mail left, whatever was believed of it before.
WITH was AS (
  SELECT id, workspace_id, mailbox_id, state, thread_id FROM pending_messages
   WHERE id = %(id)s FOR UPDATE
), noted AS (
  UPDATE pending_messages AS p
     SET state = 'sent', reason = NULL, reason_details = '{}',
         sent_gmail_id = %(gmail_id)s, sent_thread_id = %(thread_id)s,
         sent_at = coalesce(p.sent_at, %(left_at)s),
         lease_until = NULL, mime = NULL, last_error = NULL
    FROM was WHERE p.id = was.id
), counted AS (
  INSERT INTO departures (workspace_id, mailbox_id, gmail_id, left_at)
  SELECT workspace_id, mailbox_id, %(gmail_id)s, %(left_at)s FROM was
  ON CONFLICT DO NOTHING
), emptied AS (
  UPDATE pending_files SET data = NULL WHERE pending_id = %(id)s AND data IS NOT NULL
), proven AS (
  INSERT INTO pending_events (workspace_id, pending_id, happened_at, state, detail)
  SELECT workspace_id, id, CAST(%(now)s AS timestamptz), 'sent', NULL FROM was WHERE state <> 'sent'
  UNION ALL
  SELECT workspace_id, id, CAST(%(now)s AS timestamptz), 'sent', 'Gmail put it into a new thread' FROM was
   WHERE thread_id <> %(thread_id)s
)
SELECT to_json(id) FROM was
