-- Which of some addresses are suppressed, why, and since when.
SELECT coalesce(json_agg(json_build_array(encode(address_hash, 'hex'), reason, since)), '[]')
  FROM suppressions WHERE address_hash = ANY(%(hashes)s) AND ended_at IS NULL
