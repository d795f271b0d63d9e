-- Adds to conversations the new messages of a batch.
UPDATE conversations c
   SET message_count = c.message_count + x.more,
       first_message_at = least(c.first_message_at, x.first),
       last_message_at = greatest(c.last_message_at, x.last),
       last_inbound_at = greatest(c.last_inbound_at, x.inbound)
  FROM json_to_recordset(CAST(%(grown)s AS json))
       AS x(id bigint, more int, first timestamptz, last timestamptz, inbound timestamptz)
 WHERE c.id = x.id
