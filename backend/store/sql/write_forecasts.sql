-- Stores when waiting mails are expected to leave, and why then.
UPDATE pending_messages AS p
   SET forecast_at = planned.at, reason = planned.reason, reason_details = planned.details
  FROM json_to_recordset(CAST(%(planned)s AS json))
       AS planned(id uuid, at timestamptz, reason text, details jsonb)
 WHERE p.id = planned.id AND p.state = 'scheduled'
