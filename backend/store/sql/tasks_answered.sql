-- Completes the open tasks that wait for an answer in these conversations. Of several answers in a
-- batch the first counts. `answer_after` is the time of the newest message when the task was made.
UPDATE tasks t
   SET done_at = x.now, answered_by = x.message_id, version = t.version + 1
  FROM json_to_recordset(CAST(%(answered_tasks)s AS json))
       AS x(conversation_id bigint, message_id bigint, at timestamptz, now timestamptz)
 WHERE t.conversation_id = x.conversation_id AND t.answer_after < x.at
   AND t.done_at IS NULL AND t.deleted_at IS NULL
   AND NOT EXISTS (
     SELECT FROM json_to_recordset(CAST(%(answered_tasks)s AS json))
            AS y(conversation_id bigint, message_id bigint, at timestamptz)
      WHERE y.conversation_id = x.conversation_id AND t.answer_after < y.at
        AND (y.at, y.message_id) < (x.at, x.message_id))
