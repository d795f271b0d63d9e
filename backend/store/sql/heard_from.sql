-- Moves the last times of contacts or accounts. Old mail is imported last, so most of them are up to
-- date, and their rows are left alone.
UPDATE $table c
   SET last_interaction_at = greatest(c.last_interaction_at, x.at),
       last_reply_at = greatest(c.last_reply_at, x.replied)
  FROM json_to_recordset(CAST(%($given)s AS json))
       AS x(id bigint, at timestamptz, replied timestamptz)
 WHERE c.id = x.id
   AND (c.last_interaction_at >= x.at AND (x.replied IS NULL OR c.last_reply_at >= x.replied))
       IS NOT TRUE
