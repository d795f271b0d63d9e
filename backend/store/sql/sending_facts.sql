-- What is stored of a mailbox's sending, with the mailbox as `m`: parts of a JSON object. Departures
-- are the newest, all further ones of the last day, and what may have left.
  'mailbox', json_build_object(
    'email', m.email, 'key', m.email_key, 'name', m.display_name, 'state', m.state,
    'scopes', m.scopes, 'token', encode(m.sealed_token, 'hex'),
    'paused_until', m.send_paused_until, 'paused_because', m.send_paused_because,
    'paused_answer', m.send_paused_answer, 'quote', m.reply_quote, 'from_name', m.from_name,
    'kind', m.kind),
  'owner', (
    SELECT json_build_object(
      'id', o.id, 'name', o.name, 'zone', o.time_zone, 'daily', o.daily_limit,
      'hourly', o.hourly_limit, 'bcc', o.always_bcc, 'signature', o.signature_html,
      'gone', o.deactivated_at IS NOT NULL)
      FROM team_members o WHERE o.id = m.owner_id),
  'windows', coalesce((
    SELECT json_agg(json_build_array(w.days, w.starts, w.ends) ORDER BY w.id)
      FROM sending_windows w WHERE w.member_id = m.owner_id), '[]'),
  'policies', coalesce((SELECT json_object_agg(c.name, c.value) FROM policies c), '{}'),
  'departures', coalesce((
    SELECT json_agg(at ORDER BY at) FROM (
      (SELECT left_at AS at FROM departures WHERE mailbox_id = m.id
        ORDER BY left_at DESC LIMIT $most)
      UNION ALL
      (SELECT left_at FROM departures WHERE mailbox_id = m.id AND left_at > %(day_ago)s
        ORDER BY left_at DESC OFFSET $most)
      UNION ALL
      (SELECT attempted_at FROM pending_messages
        WHERE mailbox_id = m.id AND state IN ('sending', 'unknown')
          AND attempted_at IS NOT NULL)
    ) AS everything), '[]')
