-- Everything the message card shows, read at every opening of an email. `focus` is the person the
-- card is about: the one who was named, else who wrote, else the owner of the conversation, else the
-- first recipient. `doubles` are the contacts with an address of that person, who is one of them; the
-- one preferred last comes first. Gmail's threads tell who holds a conversation. An id is compared
-- with a sub-select alone: with row-level security, Postgres takes an index only for comparisons that
-- cannot leak, and coalesce() for one that can.
WITH own AS MATERIALIZED (
  SELECT id, state FROM mailboxes
   WHERE owner_id = %(member_id)s ORDER BY id DESC LIMIT 1
), found AS MATERIALIZED (
  SELECT coalesce(CAST(%(message_id)s AS bigint), (
           SELECT c.message_id FROM message_copies c
            WHERE c.mailbox_id = (SELECT id FROM own) AND c.gmail_id = %(gmail_id)s)) AS id
), seen AS MATERIALIZED (
  SELECT m.id, m.conversation_id, m.sender_address, m.sender_name
    FROM messages m WHERE m.id = (SELECT id FROM found)
), thread AS MATERIALIZED (
  SELECT v.* FROM conversations v WHERE v.id = (SELECT conversation_id FROM seen)
), people AS MATERIALIZED (
  SELECT p.contact_id,
         min(array_position(ARRAY['from', 'to', 'cc', 'bcc', 'reply_to'], p.role)
             * 1000 + p.position) AS place
    FROM participants p
   WHERE p.message_id = (SELECT id FROM seen) AND p.contact_id IS NOT NULL
   GROUP BY p.contact_id ORDER BY 2 LIMIT %(people)s
), chosen AS MATERIALIZED (
  SELECT coalesce(CAST(%(contact_id)s AS bigint), (
           SELECT q.contact_id FROM people q
            ORDER BY q.place >= 2000,
                     q.contact_id IS DISTINCT FROM (SELECT owner_contact_id FROM thread), q.place
            LIMIT 1)) AS id
), focus AS MATERIALIZED (
  SELECT c.* FROM contacts c WHERE c.id = (SELECT id FROM chosen)
)
SELECT json_build_object(
  'member', (
    SELECT json_build_object('email', t.email, 'name', t.name, 'role', t.role,
             'time_zone', t.time_zone)
      FROM team_members t WHERE t.id = %(member_id)s AND t.deactivated_at IS NULL),
  'mailbox_id', (SELECT id FROM own),
  'mailbox_state', (SELECT state FROM own),
  'message', (SELECT row_to_json(s) FROM seen s),
  'log', (
    SELECT json_build_object('via', l.via, 'logged_by', l.logged_by, 'by_name', t.name,
             'logged_at', l.logged_at, 'removed_at', l.removed_at, 'removed_by_name', r.name)
      FROM log_entries l
      LEFT JOIN team_members t ON t.id = l.logged_by
      LEFT JOIN team_members r ON r.id = l.removed_by
     WHERE l.message_id = (SELECT id FROM seen)),
  'holders', coalesce((
    SELECT json_agg(json_build_object('owner_id', b.owner_id, 'name', coalesce(t.name, b.email),
             'sharing', b.sharing) ORDER BY b.id)
      FROM message_copies c
      JOIN mailboxes b ON b.id = c.mailbox_id
      LEFT JOIN team_members t ON t.id = b.owner_id
     WHERE c.message_id = (SELECT id FROM seen)), '[]'),
  'thread', (
    SELECT json_build_object('id', v.id, 'owner_contact_id', v.owner_contact_id,
             'visibility', v.visibility, 'visibility_set_by', v.visibility_set_by,
             'followed', v.followed_at IS NOT NULL)
      FROM thread v),
  'people', coalesce((
    SELECT json_agg(json_build_object('contact_id', q.contact_id, 'name', c.name,
             'place', q.place,
             'account_name', (SELECT a.name FROM account_contacts x
                           JOIN accounts a ON a.id = x.account_id
                          WHERE x.contact_id = c.id ORDER BY x.since, a.id LIMIT 1))
             ORDER BY q.place)
      FROM people q JOIN contacts c ON c.id = q.contact_id), '[]'),
  'contact', (
    SELECT json_build_object('id', f.id, 'name', f.name, 'title', f.title,
             'phone', f.phone, 'is_admin', f.is_admin, 'last_login_on', f.last_login_on,
             'archived_at', f.archived_at, 'created_at', f.created_at,
             'created_via', f.created_via,
             'last_interaction_at', f.last_interaction_at, 'last_reply_at', f.last_reply_at,
             'assigned_to', (
               SELECT json_build_object('id', t.id, 'name', t.name, 'email', t.email,
                        'role', t.role, 'deactivated', t.deactivated_at IS NOT NULL)
                 FROM team_members t WHERE t.id = f.assigned_to))
      FROM focus f),
  'addresses', coalesce((
    SELECT json_agg(json_build_object('key', a.key, 'address', a.address,
             'is_primary', a.is_primary, 'failure', (
               SELECT json_build_object('key', b.key, 'address', a.address, 'at', b.happened_at,
                        'outcome', b.outcome, 'diagnostic', b.diagnostic)
                 FROM bounces b
                WHERE b.key = a.key AND b.counts AND NOT EXISTS (
                  SELECT FROM suppressions s WHERE s.key = b.key AND s.lifted_at >= b.happened_at)
                ORDER BY b.happened_at DESC, b.id DESC LIMIT 1))
             ORDER BY a.is_primary DESC, a.key)
      FROM contact_addresses a WHERE a.contact_id = (SELECT id FROM focus)), '[]'),
  'accounts', coalesce((
    SELECT json_agg(row_to_json(x)) FROM (
      SELECT a.id, a.name, a.domain, a.plan, a.health, a.renews_on, a.last_interaction_at,
             a.last_reply_at,
             (SELECT count(*) FROM (SELECT FROM account_contacts n WHERE n.account_id = a.id
                                     LIMIT 1000) y) AS contact_count,
             (SELECT json_build_object('id', t.id, 'name', t.name, 'email', t.email,
                       'role', t.role, 'deactivated', t.deactivated_at IS NOT NULL)
                FROM team_members t WHERE t.id = a.csm_id) AS csm,
             (SELECT json_build_object('id', t.id, 'name', t.name, 'email', t.email,
                       'role', t.role, 'deactivated', t.deactivated_at IS NOT NULL)
                FROM team_members t WHERE t.id = a.ae_id) AS ae
        FROM account_contacts m JOIN accounts a ON a.id = m.account_id
       WHERE m.contact_id = (SELECT id FROM focus)
       ORDER BY m.since, a.id LIMIT %(accounts)s) x), '[]'),
  'doubles', coalesce((
    SELECT json_agg(row_to_json(x)) FROM (
      SELECT b.contact_id, c.name, max(b.preferred_at) AS preferred_at,
             (SELECT n.name FROM account_contacts m JOIN accounts n ON n.id = m.account_id
               WHERE m.contact_id = b.contact_id ORDER BY m.since, n.id LIMIT 1) AS account_name
        FROM contact_addresses a
        JOIN contact_addresses b ON b.key = a.key
        JOIN contacts c ON c.id = b.contact_id
       WHERE a.contact_id = (SELECT id FROM focus)
       GROUP BY b.contact_id, c.name
       ORDER BY max(b.preferred_at) DESC NULLS LAST, b.contact_id LIMIT %(doubles)s) x), '[]'),
  'pending', coalesce((
    SELECT json_agg(x.id) FROM (
      SELECT DISTINCT p.id, p.due_at
        FROM pending_recipients r JOIN pending_messages p ON p.id = r.pending_id
       WHERE r.key IN (SELECT key FROM contact_addresses
                        WHERE contact_id = (SELECT id FROM focus))
         AND p.state NOT IN ('sent', 'cancelled', 'discarded')
       ORDER BY p.due_at LIMIT %(pending)s) x), '[]'),
  'tasks', coalesce((
    SELECT json_agg(row_to_json(x)) FROM (
      SELECT k.id, k.title, k.due_on, k.answer_after IS NOT NULL AS awaits_answer,
             t.name AS assignee
        FROM tasks k LEFT JOIN team_members t ON t.id = k.assignee_id
       WHERE k.id IN (
         (SELECT c.id FROM tasks c
           WHERE c.contact_id = (SELECT id FROM focus)
             AND c.done_at IS NULL AND c.deleted_at IS NULL
           ORDER BY coalesce(c.due_on, 'infinity'), c.id LIMIT %(tasks)s)
         UNION
         (SELECT c.id FROM tasks c
           WHERE c.account_id = (SELECT m.account_id FROM account_contacts m
                                  WHERE m.contact_id = (SELECT id FROM focus)
                                  ORDER BY m.since, m.account_id LIMIT 1)
             AND c.done_at IS NULL AND c.deleted_at IS NULL
           ORDER BY coalesce(c.due_on, 'infinity'), c.id LIMIT %(tasks)s)
         UNION
         (SELECT c.id FROM tasks c
           WHERE c.conversation_id = (SELECT id FROM thread)
             AND c.done_at IS NULL AND c.deleted_at IS NULL
           ORDER BY coalesce(c.due_on, 'infinity'), c.id LIMIT %(tasks)s))
       ORDER BY coalesce(k.due_on, 'infinity'), k.id LIMIT %(tasks)s) x), '[]'),
  'recent', coalesce((
    SELECT json_agg(row_to_json(x)) FROM (
      SELECT v.id, v.message_count, v.visibility, v.visibility_set_by,
             k.last_message_at AS at,
             -- it may be called after a mail that the reader may not know of
             CASE WHEN EXISTS (
               SELECT FROM gmail_threads g JOIN mailboxes b ON b.id = g.mailbox_id
                WHERE g.conversation_id = v.id AND b.sharing = 'metadata'
                  AND b.owner_id IS DISTINCT FROM %(member_id)s)
             THEN (
               SELECT m.subject FROM messages m
                WHERE m.conversation_id = v.id AND NOT EXISTS (
                  SELECT FROM message_copies c JOIN mailboxes b ON b.id = c.mailbox_id
                   WHERE c.message_id = m.id AND b.sharing = 'metadata'
                     AND NOT EXISTS (
                       SELECT FROM message_copies o JOIN mailboxes w ON w.id = o.mailbox_id
                        WHERE o.message_id = m.id AND w.owner_id = %(member_id)s))
                ORDER BY m.subject = v.subject DESC, m.sent_at, m.id LIMIT 1)
             ELSE v.subject END AS subject,
             (SELECT n.outgoing FROM messages n
               WHERE n.conversation_id = v.id AND NOT EXISTS (
                 SELECT FROM log_entries l WHERE l.message_id = n.id AND l.removed_at IS NOT NULL)
               ORDER BY n.sent_at DESC, n.id DESC LIMIT 1) AS outgoing,
             coalesce((
               SELECT json_agg(DISTINCT jsonb_build_object('owner_id', b.owner_id,
                        'name', coalesce(t.name, b.email), 'sharing', b.sharing))
                 FROM gmail_threads g
                 JOIN mailboxes b ON b.id = g.mailbox_id
                 LEFT JOIN team_members t ON t.id = b.owner_id
                WHERE g.conversation_id = v.id), '[]') AS holders
        FROM conversation_contacts k JOIN conversations v ON v.id = k.conversation_id
       WHERE k.contact_id = (SELECT id FROM focus) AND v.message_count > 0
       ORDER BY k.last_message_at DESC, k.conversation_id DESC LIMIT %(recent)s) x), '[]'),
  'notes', coalesce((
    SELECT json_agg(json_build_object('at', x.written_at, 'text', left(x.text, 200),
             'author', t.name) ORDER BY x.written_at DESC)
      FROM ((SELECT n.* FROM notes n
              WHERE n.contact_id = (SELECT id FROM focus) AND n.deleted_at IS NULL
              ORDER BY n.written_at DESC LIMIT %(recent)s)
            UNION
            (SELECT n.* FROM notes n
              WHERE n.account_id = (SELECT m.account_id FROM account_contacts m
                                     WHERE m.contact_id = (SELECT id FROM focus)
                                     ORDER BY m.since, m.account_id LIMIT 1)
                AND n.deleted_at IS NULL
              ORDER BY n.written_at DESC LIMIT %(recent)s)) x
      JOIN team_members t ON t.id = x.author_id), '[]')
)
