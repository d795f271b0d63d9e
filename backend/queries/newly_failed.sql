-- Addresses that a member's messages did not reach, or messages to the member's people, the newest
-- first.
SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
  SELECT json_build_object('key', b.key, 'address', b.address, 'outcome', b.outcome,
           'diagnostic', b.diagnostic, 'at', b.happened_at) AS failed,
         (SELECT m.conversation_id FROM messages m
           WHERE m.id = coalesce(b.message_id, b.report_id)) AS conversation_id,
         c.id AS contact_id, c.name, x.account_id, n.name AS account_name
    FROM (SELECT * FROM bounces
           WHERE happened_at > %(since)s AND outcome <> 'delayed'
           ORDER BY happened_at DESC LIMIT %(looked_at)s) b
    LEFT JOIN LATERAL (
      SELECT c.* FROM contact_addresses a JOIN contacts c ON c.id = a.contact_id
       WHERE a.key = b.key ORDER BY a.preferred_at DESC NULLS LAST, c.id LIMIT 1) c ON true
    LEFT JOIN LATERAL (
      SELECT x.account_id FROM account_contacts x
       WHERE x.contact_id = c.id ORDER BY x.since, x.account_id LIMIT 1) x ON true
    LEFT JOIN accounts n ON n.id = x.account_id
   WHERE NOT EXISTS (SELECT FROM suppressions s
                      WHERE s.key = b.key AND s.lifted_at >= b.happened_at)
     AND (c.last_reply_at IS NULL OR c.last_reply_at < b.happened_at)
     AND (c.assigned_to = %(member)s OR n.csm_id = %(member)s OR n.ae_id = %(member)s
          OR EXISTS (SELECT FROM pending_messages p JOIN mailboxes o ON o.id = p.mailbox_id
                      WHERE p.id = b.pending_id AND o.owner_id = %(member)s)
          OR EXISTS (SELECT FROM message_copies y JOIN mailboxes o ON o.id = y.mailbox_id
                      WHERE y.message_id = b.message_id AND 'SENT' = ANY(y.labels)
                        AND o.owner_id = %(member)s))
   ORDER BY b.happened_at DESC
) x
