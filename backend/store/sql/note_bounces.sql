-- Notes which mail did not reach whom, and answers what is new of it. A mail has one fate at an
-- address: the same report again, from whichever mailbox, changes nothing, and a graver one replaces
-- it; also one that counts, what did not.
WITH noted AS (
  INSERT INTO bounces ($columns)
  SELECT $columns
    FROM json_populate_recordset(CAST(NULL AS bounces), CAST(%(rows)s AS json))
  ON CONFLICT (workspace_id, about, key) DO UPDATE
     SET outcome = excluded.outcome, status = excluded.status, diagnostic = excluded.diagnostic,
         happened_at = excluded.happened_at, report_id = excluded.report_id,
         counts = excluded.counts
   WHERE (bounces.counts, array_position(ARRAY[$gravity], bounces.outcome))
       < (excluded.counts, array_position(ARRAY[$gravity], excluded.outcome))
  RETURNING key, address, outcome, diagnostic, counts, pending_id
)
SELECT coalesce(json_agg(row_to_json(noted)), '[]') FROM noted
