-- Every address of ours, as parts of a JSON object.
  'members', (
    SELECT coalesce(json_agg(json_build_array(t.email_key, t.id)), '[]')
      FROM team_members t WHERE t.deactivated_at IS NULL),
  'boxes', (
    SELECT coalesce(json_agg(json_build_array(x.key, x.owner_id)), '[]') FROM (
      SELECT b.email_key AS key, b.owner_id FROM mailboxes b
       UNION ALL
      SELECT a.key, b.owner_id FROM mailbox_aliases a JOIN mailboxes b ON b.id = a.mailbox_id) x),
  'domains', (SELECT coalesce(json_agg(d.domain), '[]') FROM internal_domains d)
