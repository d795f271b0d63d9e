"""The help page on tasks and notes. Separate from the other topics, which fill a file already."""

from backend.console.help_topic import Answer, Topic

WORK = Topic(
    "tasks",
    "Tasks and notes",
    "What you have to do, where it shows, and what completes it.",
    (
        Answer(
            "Where do I add a task?",
            "Beside an email in Gmail with Add task, on the page of an account, a contact or a "
            "conversation, or under Tasks. It is linked to the page you came from.",
            "tasks.index",
            "Tasks",
        ),
        Answer(
            "What does “only if they don't answer” do?",
            "The task waits for an answer in its conversation. A person's answer completes it by "
            "itself; an out-of-office reply or a report of a mail server does not. Open it again, "
            "and it waits for the next answer.",
        ),
        Answer(
            "Who sees my tasks and notes?",
            "Your team, never the customer, and nothing of them is written to Gmail. The subject "
            "of a linked conversation shows only to those who may read it.",
        ),
        Answer(
            "I pressed Done or Delete by mistake.",
            "Press Undo, or find the task under Tasks, Done, and open it again. A deleted task or "
            "note can be restored for 30 days.",
        ),
        Answer(
            "Who may change a note?",
            "Its author and admins edit and delete it. Everybody can pin it to the top.",
        ),
        Answer(
            "What happens to tasks when somebody leaves?",
            "Their open tasks go to the colleague the admin chooses, or to nobody, and come back "
            "when they are let in again.",
        ),
    ),
)
