-- The conversations of a member's mailbox whose newest message is ours, the newest first.
SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
  SELECT v.id AS conversation_id, v.last_message_at AS at, c.name,
         (SELECT a.name FROM account_contacts x JOIN accounts a ON a.id = x.account_id
           WHERE x.contact_id = c.id ORDER BY x.since, a.id LIMIT 1) AS account_name
    FROM conversations v
    JOIN contacts c ON c.id = coalesce(v.owner_contact_id, (
           SELECT k.contact_id FROM conversation_contacts k
            WHERE k.conversation_id = v.id ORDER BY k.contact_id LIMIT 1))
   WHERE v.last_message_at BETWEEN %(since)s AND %(until)s AND v.message_count > 0
     AND (v.last_inbound_at IS NULL OR v.last_inbound_at < v.last_message_at)
     AND (SELECT m.outgoing FROM messages m WHERE m.conversation_id = v.id
           ORDER BY m.sent_at DESC, m.id DESC LIMIT 1)
     AND EXISTS (SELECT FROM gmail_threads g JOIN mailboxes b ON b.id = g.mailbox_id
                  WHERE g.conversation_id = v.id AND b.owner_id = %(member_id)s)
   ORDER BY v.last_message_at DESC LIMIT %(most)s
) x
