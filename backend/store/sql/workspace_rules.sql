-- The policies, the never-log list as far as $owner is concerned, and the team, as parts of a JSON
-- object.
  'policies', (SELECT coalesce(json_object_agg(p.name, p.value), '{}') FROM policies p),
  'never_log', (
    SELECT coalesce(json_agg(json_build_array(n.kind, n.value, n.member_id IS NOT NULL)), '[]')
      FROM never_log n WHERE n.member_id IS NULL OR n.member_id = $owner),
  $team
