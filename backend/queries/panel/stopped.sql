-- Why an address is not written to.
SELECT coalesce(
         json_agg(json_build_object('id', s.id, 'reason', s.reason, 'since', s.since)), '[]')
  FROM suppressions s WHERE s.address_hash = %(hashed)s AND s.ended_at IS NULL
