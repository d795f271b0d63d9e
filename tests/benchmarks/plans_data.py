"""What the card's workspace lacks for judging plans: pending mail, mail to fetch, notes, and mail
that was left out, with three people on each.
"""

STATEMENTS = (
    """INSERT INTO team_members (id, workspace_id, email, email_key, name, role, time_zone,
           created_at)
       VALUES (2, 1, 'kim@ours.example', 'kim@ours.example', 'Kim', 'leader', 'UTC',
           now())""",
    """INSERT INTO mailboxes (id, workspace_id, owner_id, kind, email, email_key, display_name,
           state, created_at)
       VALUES (2, 1, 2, 'personal', 'kim@ours.example', 'kim@ours.example', 'Kim', 'live',
           now())""",
    # Plans and owners that most, some and few accounts have.
    """UPDATE accounts SET plan = CASE WHEN id %% 200 = 0 THEN 'Rare'
           WHEN id %% 10 = 9 THEN 'Ended' ELSE plan END,
           csm_id = CASE WHEN id %% 100 = 1 THEN 2 ELSE 1 END""",
    """INSERT INTO team_members (id, workspace_id, email, email_key, google_sub, name, role,
           time_zone, created_at)
       SELECT i, 1, 'm' || i || '@ours.example', 'm' || i || '@ours.example', 'sub-' || i,
           'Member ' || i, 'member', 'UTC', now() FROM generate_series(3, 4) i""",
    """INSERT INTO mailboxes (id, workspace_id, owner_id, kind, email, email_key, google_sub,
           display_name, state, created_at, connected_at)
       SELECT i, 1, i, 'personal', 'm' || i || '@ours.example', 'm' || i || '@ours.example',
           'sub-' || i, 'Member ' || i, 'live', now(), now() FROM generate_series(3, 4) i""",
    """INSERT INTO gmail_threads (mailbox_id, thread_id, conversation_id, workspace_id)
       SELECT 2, to_hex(i), i, 1 FROM generate_series(1, %(conversations)s) i WHERE i %% 50 = 0""",
    """INSERT INTO gmail_threads (mailbox_id, thread_id, conversation_id, workspace_id)
       SELECT 3, to_hex(i), i, 1 FROM generate_series(1, %(conversations)s) i
        WHERE i %% 600 > 570""",
    """INSERT INTO suppressions (workspace_id, address_hash, reason, contact_id, since)
       SELECT 1, int8send(i), 'unsubscribed', i, now() - i * interval '1 minute'
       FROM generate_series(1, %(contacts)s) i WHERE i %% 40 = 0""",
    # Loading fires no trigger.
    """UPDATE contacts c SET unsubscribed_at = s.since FROM suppressions s
        WHERE s.contact_id = c.id""",
    """INSERT INTO pending_messages (id, workspace_id, mailbox_id, author_id, kind, urgency, state,
           subject, body_text, "to", due_at, not_before, created_at, nonce)
       SELECT CAST(lpad(to_hex(i), 32, '0') AS uuid), 1,
           CASE WHEN i %% 5000 = 0 THEN 2 ELSE 1 END, 1, 'one_to_one', 'scheduled',
           CASE WHEN i %% 20 = 0 THEN 'scheduled' WHEN i %% 100 = 1 THEN 'held' ELSE 'sent' END,
           'Mail number ' || i, 'Text', '[]', now() + i * interval '1 second',
           now() + i * interval '1 second', now(), 'click ' || i
       FROM generate_series(1, %(pending)s) i""",
    """INSERT INTO pending_recipients (pending_id, key, workspace_id, contact_id)
       SELECT CAST(lpad(to_hex(i), 32, '0') AS uuid),
           'c' || c || '@a' || 1 + c %% %(accounts)s || '.example', 1, c
       FROM (SELECT i, 1 + i %% %(contacts)s c FROM generate_series(1, %(pending)s) i) one""",
    """INSERT INTO to_fetch (mailbox_id, gmail_id, workspace_id, thread_id, path, priority,
           added_at)
       SELECT 1, 'f' || to_hex(i), 1, to_hex(i), 'import', 2, now()
       FROM generate_series(1, %(to_fetch)s) i""",
    """INSERT INTO notes (workspace_id, author_id, contact_id, account_id, text, written_at)
       SELECT 1, 1, CASE WHEN i %% 2 = 0 THEN 1 + i %% %(contacts)s END,
           CASE WHEN i %% 2 = 1 THEN 1 + i %% %(accounts)s END, 'Note',
           now() - i * interval '1 minute'
       FROM generate_series(1, %(notes)s) i""",
    # One in twenty is open, one in fifty of these Kim's.
    """INSERT INTO tasks (workspace_id, title, due_on, assignee_id, account_id, contact_id,
           conversation_id, created_by, created_at, done_at)
       SELECT 1, 'Task ' || i, current_date + i %% 400, CASE WHEN i %% 1000 = 0 THEN 2 ELSE 1 END,
           1 + i %% %(accounts)s, 1 + i %% %(contacts)s, 1 + i %% %(conversations)s,
           CASE WHEN i %% 3 = 0 THEN 2 ELSE 1 END, now(),
           CASE WHEN i %% 20 > 0 THEN now() - i * interval '1 minute' END
       FROM generate_series(1, %(notes)s) i""",
    """INSERT INTO decisions (mailbox_id, gmail_id, workspace_id, outcome, reason, rule, path,
           internal_at, decided_at)
       SELECT 1, 'd' || to_hex(i), 1, 'skipped', 'nobody_known', 'matching', 'import', now(), now()
       FROM generate_series(1, %(to_fetch)s) i""",
    """INSERT INTO left_out_people (person_hash, mailbox_id, gmail_id, workspace_id)
       SELECT convert_to((i %% 5000 + p)::text, 'UTF8'), 1, 'd' || to_hex(i), 1
       FROM generate_series(1, %(to_fetch)s) i, generate_series(0, 2) p""",
)
