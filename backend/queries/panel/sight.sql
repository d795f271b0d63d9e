-- What the rules must be told about an open email that Gmail alone has, whether another mailbox
-- brought it in, and, when nobody on it is known, what to fill into the form for somebody new.
SELECT json_build_object(
  $parts,
  'bearers', coalesce((
    SELECT json_agg(json_build_object(
             'id', m.id, 'identity', encode(m.identity, 'hex'), 'subject', m.subject))
      FROM messages m WHERE m.identity = ANY(CAST(%(identities)s AS bytea[]))), '[]'),
  'guesses', CASE WHEN NOT EXISTS (
    SELECT FROM contact_addresses k WHERE k.key = ANY(%(keys)s)) THEN json_build_object(
    'hints', coalesce((
      SELECT json_agg(json_build_object('account_id', x.id, 'name', x.name, 'domain', x.domain)) FROM (
        SELECT a.id, a.name, a.domain FROM accounts a WHERE a.domain = ANY(%(domains)s)
         ORDER BY length(a.domain) DESC, a.id LIMIT %(hints)s) x), '[]'),
    'latest', coalesce((
      SELECT json_agg(json_build_object('id', x.id, 'name', x.name)) FROM (
        SELECT a.id, a.name FROM accounts a
         ORDER BY CASE WHEN a.last_interaction_at IS NULL THEN '-infinity'
                       ELSE a.last_interaction_at END DESC, a.id DESC LIMIT %(latest)s) x), '[]'),
    'left_out', coalesce((
      SELECT json_object_agg(encode(h, 'hex'), (
               SELECT count(*) FROM (
                 SELECT $offered
                    AND m.owner_id = %(reader)s
                    AND p.person_hash = h AND p.gmail_id <> %(gmail_id)s
                    AND (d.rfc_hash = %(rfc_hash)s
                         AND abs(extract(epoch FROM d.internal_at - CAST(%(at)s AS timestamptz))) < 3600) IS NOT TRUE
                  LIMIT %(most)s) x))
        FROM unnest(CAST(%(hashes)s AS bytea[])) AS h), '{}')
  ) END
)
