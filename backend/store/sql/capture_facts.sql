-- What the capture rule asks about a batch of messages: the parts of one JSON object. Parts stand
-- alone, so that Postgres leaves out those that were given nothing to look up.
  'mailbox', (
    SELECT json_build_array(b.kind, b.capture, b.owner_id) FROM mailboxes b WHERE b.id = $here),
  'contacts', coalesce((
    SELECT json_agg(json_build_array(k.key, c.id, c.created_at, c.assigned_to, coalesce((
             SELECT json_agg(x.account_id ORDER BY x.account_id)
               FROM account_contacts x WHERE x.contact_id = c.id), '[]')) ORDER BY c.id)
      FROM contact_addresses k JOIN contacts c ON c.id = k.contact_id
     WHERE k.key = ANY(ARRAY(SELECT json_array_elements_text($given->'keys')))), '[]'),
  'accounts', coalesce((
    SELECT json_agg(json_build_array(x.domain, x.id, x.created_at) ORDER BY x.id) FROM (
      SELECT a.domain, a.id, a.created_at FROM accounts a
       WHERE a.domain = ANY(ARRAY(SELECT json_array_elements_text($given->'domains')))
         AND $trait = '$domain_trait'
       UNION ALL
      SELECT d.domain, a.id, a.created_at
        FROM account_trait_domains d JOIN accounts a ON a.id = d.account_id
       WHERE d.domain = ANY(ARRAY(SELECT json_array_elements_text($given->'domains')))
         AND d.trait_id = (SELECT t.id FROM account_traits t WHERE t.name = $trait)) x), '[]'),
  'sends', coalesce((
    SELECT json_agg(p.id) FROM pending_messages p
     WHERE p.id = ANY(CAST(ARRAY(SELECT json_array_elements_text($given->'sends')) AS uuid[]))), '[]'),
  'reported', coalesce((
    SELECT json_object_agg(x.rfc_id, x.mails) FROM (
      SELECT m.rfc_id, json_agg(json_build_array(m.id, encode(m.identity, 'hex'), coalesce((
                 SELECT json_agg(p.address) FROM participants p
                  WHERE p.message_id = m.id AND p.role IN ('to', 'cc', 'bcc')), '[]'))
             ORDER BY m.sent_at DESC, m.id DESC) AS mails
        FROM messages m
       WHERE m.rfc_id = ANY(ARRAY(SELECT json_array_elements_text($given->'reported')))
         AND EXISTS (SELECT FROM message_copies c
                      WHERE c.message_id = m.id AND 'SENT' = ANY(c.labels))
       GROUP BY m.rfc_id) x), '{}'),
  'reported_sends', coalesce((
    SELECT json_object_agg(p.id, (SELECT m.rfc_id FROM messages m WHERE m.id = p.sent_message_id))
      FROM pending_messages p
     WHERE p.id = ANY(CAST(ARRAY(SELECT json_array_elements_text($given->'reported_sends')) AS uuid[]))
       AND p.attempts > 0), '{}'),
  'awaited', EXISTS (
    SELECT FROM left_out_people x WHERE x.person_hash = ANY(ARRAY(SELECT decode(x, 'hex') FROM json_array_elements_text($given->'left') x))),
  'failing', coalesce((
    SELECT json_agg(b.key) FROM bounces b WHERE b.key = ANY(ARRAY(SELECT json_array_elements_text($given->'writers')))), '[]'),
  'threads', coalesce((
    SELECT json_agg(g.thread_id)
      FROM gmail_threads g JOIN conversations v ON v.id = g.conversation_id
     WHERE g.mailbox_id = $here
       AND g.thread_id = ANY(ARRAY(SELECT json_array_elements_text($given->'threads')))
       AND v.followed_at IS NOT NULL), '[]'),
  'cited', coalesce((
    SELECT json_agg(t.rfc_id)
      FROM thread_ids t JOIN conversations v ON v.id = t.conversation_id
     WHERE t.rfc_id = ANY(ARRAY(SELECT json_array_elements_text($given->'cited')))
       AND v.followed_at IS NOT NULL
       AND EXISTS (SELECT FROM messages m
                    WHERE m.rfc_id = t.rfc_id AND m.conversation_id = v.id OFFSET 0)), '[]'),
  'removed', coalesce((
    SELECT json_object_agg(encode(m.identity, 'hex'), m.subject)
      FROM messages m
     WHERE m.identity = ANY(ARRAY(SELECT decode(x, 'hex') FROM json_array_elements_text($given->'identities') x))
       AND EXISTS (
       SELECT FROM log_entries l
        WHERE l.message_id = m.id AND l.removed_at IS NOT NULL OFFSET 0)), '{}'),
  'unlogged', coalesce((
    SELECT json_agg(encode(d.unlogged_hash, 'hex')) FROM decisions d
     WHERE d.unlogged_hash = ANY(ARRAY(SELECT decode(x, 'hex') FROM json_array_elements_text($given->'unlogged') x))
       AND d.unlogged_hash IS NOT NULL AND d.reason = '$unlogged'), '[]'),
  'earlier', coalesce((
    SELECT json_object_agg(d.gmail_id, json_strip_nulls(json_build_object(
             'outcome', d.outcome, 'reason', d.reason, 'rule', d.rule, 'path', d.path,
             'deciding_hash', encode(d.deciding_hash, 'hex'), 'mailbox_id', d.mailbox_id,
             'gmail_id', d.gmail_id, 'decided_at', d.decided_at)))
      FROM decisions d
     WHERE d.mailbox_id = $here
       AND d.gmail_id = ANY(ARRAY(SELECT json_array_elements_text($given->'clicked')))), '{}')
