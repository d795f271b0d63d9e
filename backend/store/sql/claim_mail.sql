-- Makes a mail `sending` if it is still as it was decided, and answers which attempt this is.
WITH claimed AS (
  UPDATE pending_messages AS p
     SET state = 'sending', reason = NULL, reason_details = '{}', attempts = attempts + 1,
         attempted_at = %(now)s, lease_until = %(until)s, negatives = 0,
         mime = %(mime)s, thread_id = %(thread_id)s, before_cursor = m.cursor
    FROM mailboxes AS m
   WHERE p.id = %(id)s AND p.version = %(version)s AND p.state = 'scheduled'
     AND p.not_before <= %(now)s
     AND m.id = p.mailbox_id AND m.send_lease_owner = %(owner)s
     AND m.sealed_token IS NOT NULL AND m.state = ANY(%(working)s)
  RETURNING p.workspace_id, p.id, p.attempts
)
INSERT INTO pending_events (workspace_id, pending_id, happened_at, state, detail)
SELECT workspace_id, id, %(now)s, 'sending', 'attempt ' || attempts FROM claimed
RETURNING (SELECT attempts FROM claimed)
