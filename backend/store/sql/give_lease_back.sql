-- Lets others send from a mailbox again, and answers whether mail still waits there.
WITH given AS (
  UPDATE mailboxes
     SET send_lease_owner = NULL, send_lease_until = NULL,
         send_troubles = CASE WHEN %(works)s THEN 0 ELSE send_troubles END,
         send_look_at = coalesce(CAST(%(look_at)s AS timestamptz), send_look_at)
   WHERE id = %(mailbox)s AND send_lease_owner = %(owner)s
)
SELECT to_json(EXISTS (
  SELECT FROM pending_messages WHERE mailbox_id = %(mailbox)s AND state = 'scheduled'))
