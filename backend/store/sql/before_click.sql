-- What a click on Log must know before Gmail is asked for the mail.
SELECT json_build_object(
  'member', (
    SELECT json_build_object('email', t.email, 'name', t.name, 'role', t.role,
             'time_zone', t.time_zone)
      FROM team_members t WHERE t.id = m.id AND t.deactivated_at IS NULL),
  'mailbox_id', (
    SELECT b.id FROM mailboxes b WHERE b.owner_id = m.id ORDER BY b.id DESC LIMIT 1),
  'message_id', (
    SELECT c.message_id FROM message_copies c
     WHERE c.mailbox_id = ANY(ARRAY(SELECT b.id FROM mailboxes b WHERE b.owner_id = m.id))
       AND c.gmail_id = %(gmail_id)s LIMIT 1),
  'done', EXISTS (SELECT FROM clicks k WHERE k.nonce = %(nonce)s))
  FROM (SELECT CAST(%(member_id)s AS bigint) AS id) m
