-- What the workspace has already of a batch's messages and threads, and fresh ids for the rest.
-- Asked right behind the filing lock: it sees what the filing before it committed.
WITH same AS MATERIALIZED (
  SELECT encode(m.identity, 'hex') AS identity, m.id, m.conversation_id, m.subject
    FROM messages m WHERE m.identity = ANY(ARRAY(
      SELECT decode(x, 'hex') FROM json_array_elements_text($given->'identities') x))),
threads AS MATERIALIZED (
  SELECT g.thread_id, g.conversation_id, (
           SELECT v.last_message_at FROM conversations v WHERE v.id = g.conversation_id
         ) AS last_message_at
    FROM gmail_threads g
   WHERE g.mailbox_id = CAST($given->>'mailbox' AS bigint)
     AND g.thread_id = ANY(ARRAY(SELECT json_array_elements_text($given->'threads')))),
keys AS MATERIALIZED (
  SELECT t.rfc_id, t.conversation_id
    FROM thread_ids t
   WHERE t.rfc_id = ANY(ARRAY(SELECT json_array_elements_text($given->'keys')))),
bearers AS MATERIALIZED (
  SELECT m.rfc_id, m.conversation_id, encode(m.identity, 'hex') AS identity
    FROM messages m
   WHERE m.rfc_id = ANY(ARRAY(SELECT json_array_elements_text($given->'keys')))),
sends AS MATERIALIZED (
  SELECT p.id, p.conversation_id
    FROM pending_messages p
   WHERE p.id = ANY(CAST(ARRAY(SELECT json_array_elements_text($given->'sends')) AS uuid[]))),
led AS MATERIALIZED (
  SELECT conversation_id FROM same UNION SELECT conversation_id FROM threads
   UNION SELECT conversation_id FROM keys UNION SELECT conversation_id FROM bearers
   UNION SELECT conversation_id FROM sends),
recent AS MATERIALIZED (
  SELECT n.conversation_id, n.id
    FROM led l CROSS JOIN LATERAL (
      SELECT m.conversation_id, m.id FROM messages m
       WHERE m.conversation_id = l.conversation_id
       ORDER BY m.sent_at DESC, m.id DESC LIMIT $read_back) n)
SELECT json_build_object(
  'messages', coalesce((SELECT json_agg(json_build_array(identity, id, conversation_id, subject)) FROM same), '[]'),
  'threads', coalesce((
    SELECT json_agg(json_build_array(thread_id, conversation_id)
                    ORDER BY last_message_at DESC, conversation_id) FROM threads), '[]'),
  'followed', coalesce((
    SELECT json_agg(v.id) FROM conversations v
     WHERE v.id = ANY(ARRAY(SELECT conversation_id FROM led)) AND v.followed_at IS NOT NULL), '[]'),
  'keys', coalesce((SELECT json_object_agg(rfc_id, conversation_id) FROM keys), '{}'),
  'bearers', coalesce((SELECT json_agg(json_build_array(rfc_id, identity, conversation_id)) FROM bearers), '[]'),
  'sends', coalesce((SELECT json_object_agg(id, conversation_id) FROM sends), '{}'),
  'people', coalesce((
    SELECT json_agg(json_build_array(x.conversation_id, x.address, x.addressed))
      FROM (SELECT r.conversation_id, lower(p.address) AS address,
                   bool_or(p.role <> 'from') AS addressed
              FROM recent r CROSS JOIN LATERAL (
                SELECT q.address, q.role FROM participants q WHERE q.message_id = r.id OFFSET 0) p
             WHERE p.address <> ''
             GROUP BY 1, 2) x), '[]'),
  'contacts', coalesce((
    SELECT json_agg(json_build_array(k.conversation_id, k.contact_id))
      FROM conversation_contacts k
     WHERE k.conversation_id = ANY(ARRAY(SELECT conversation_id FROM led))
       AND k.contact_id = ANY(ARRAY(
             SELECT CAST(c AS bigint) FROM json_array_elements_text($given->'contacts') c))), '[]'),
  'apart', coalesce((
    SELECT json_agg(json_build_array(s.conversation_id, s.other_id))
      FROM conversation_changes s
     WHERE s.conversation_id = ANY(ARRAY(SELECT conversation_id FROM led))
       AND s.kind = 'split' AND s.undone_at IS NULL), '[]'),
  'fresh', coalesce((
    SELECT json_agg(json_build_array(nextval(pg_get_serial_sequence('messages', 'id')),
                                     nextval(pg_get_serial_sequence('conversations', 'id'))))
      FROM generate_series(1, CAST($given->>'most' AS integer))), '[]')
)
