-- Takes or keeps the lease of a mailbox, and reads the mail that is first in line with all that is
-- decided by. Of several threads of Gmail that hold the conversation, that of the answered mail is
-- answered in, or else the newest.
WITH m AS (
  UPDATE mailboxes
     SET send_lease_owner = %(owner)s, send_lease_until = %(until)s
   WHERE id = %(mailbox)s
     AND (send_lease_until IS NULL OR send_lease_until < %(now)s
          OR send_lease_owner = %(owner)s)
  RETURNING *
), due AS (
  SELECT * FROM pending_messages
   WHERE mailbox_id = (SELECT id FROM m) AND state = 'scheduled' AND not_before <= %(now)s
   ORDER BY $rank, due_at, id
   LIMIT 2
), p AS (
  SELECT *, (SELECT count(*) > 1 FROM due) AS more FROM due LIMIT 1
)
SELECT json_build_object('due', CASE WHEN p.id IS NOT NULL THEN json_build_object(
  'more', p.more,
  'mail', json_build_object(
    'id', p.id, 'version', p.version, 'author_id', p.author_id, 'kind', p.kind,
    'urgency', p.urgency, 'subject', p.subject, 'body_text', p.body_text, 'to', p."to",
    'cc', p.cc, 'bcc', p.bcc, 'reply_to', p.reply_to, 'due_at', p.due_at,
    'not_before', p.not_before, 'attempts', p.attempts,
    'decided_at', coalesce(p.edited_at, p.created_at),
    'conversation_id', p.conversation_id,
    'answered_at', (SELECT last_inbound_at FROM conversations WHERE id = p.conversation_id),
    'author', (
      SELECT json_build_object(
        'name', name, 'zone', time_zone, 'bcc', always_bcc, 'signature', signature_html)
        FROM team_members WHERE id = p.author_id),
    'template', (
      SELECT e.html FROM mailboxes b JOIN email_templates e ON e.id = b.template_id
       WHERE b.id = coalesce(p.written_as, p.mailbox_id)),
    'parent', (
      SELECT json_build_object(
        'rfc_id', rfc_id, 'references', "references", 'sent_at', sent_at,
        'conversation_id', conversation_id)
        FROM messages WHERE id = p.parent_message_id),
    'unsubscribe_offer', p.unsubscribe_offer,
    'unsubscribe_line', (
      SELECT json_build_array(unsubscribe_prefix, unsubscribe_link_text) FROM workspaces
       WHERE id = m.workspace_id AND unsubscribes_on_at IS NOT NULL
         AND p.unsubscribe_offer = 'offered'),
    'has_files', EXISTS (SELECT FROM pending_files WHERE pending_id = p.id),
    'thread_id', (
      SELECT t.thread_id FROM gmail_threads t
       WHERE p.parent_message_id IS NOT NULL AND t.conversation_id = p.conversation_id
         AND t.mailbox_id = m.id
       ORDER BY EXISTS (
         SELECT FROM message_copies c
          WHERE c.message_id = p.parent_message_id AND c.mailbox_id = t.mailbox_id
            AND c.thread_id = t.thread_id) DESC, t.thread_id DESC LIMIT 1)),
  $sending) END)
  FROM m LEFT JOIN p ON true
