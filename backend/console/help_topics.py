"""The help pages: people's questions, each with its answer in plain sentences.

Separate from their pages because the text is the product here, and tests look for it.
"""

from backend.console.help_customers import CUSTOMERS
from backend.console.help_topic import Answer, Topic
from backend.console.help_work import WORK

CONNECTING = Topic(
    "connecting",
    "Connecting Gmail",
    "What connecting does, what ends it, and what stays afterwards.",
    (
        Answer(
            "What happens when I connect my Gmail?",
            "Two things and no more: your most recent mail is read once, and Rapport listens for "
            "new mail. Google lists the accounts you are signed in to; choose the one whose mail "
            "is meant, and leave both boxes ticked: “View your email messages and settings” for "
            "reading and “Send email on your behalf” for what you write here. Rapport asks for "
            "nothing else, so it cannot change, label or delete your mail.",
            "email_settings.index",
            "Email settings",
        ),
        Answer(
            "Why can't I connect a Google Group, an alias or a distribution list?",
            "A mailbox must sign in with credentials of its own, and those have none. An alias of "
            "your own mailbox counts as you without being connected.",
        ),
        Answer(
            "How does an address such as support@ work?",
            "An admin connects it as a shared mailbox, by signing in to Google as that address. It "
            "belongs to nobody; the members listed there choose it as From. Its page says which "
            "name recipients see, in which template its mail leaves and what it logs. Nobody can "
            "make a colleague's own mailbox a shared one this way.",
            "shared_mailboxes.index",
            "Shared mailboxes",
        ),
        Answer(
            "I changed my Google password, or Google ended the access.",
            "A changed password or other sign-in data can end the connection. The mailbox is then "
            "marked as disconnected. Connect it again with the same account: it continues as the "
            "same mailbox, and what arrived meanwhile is read. Google is asked a second time, a "
            "minute after its first refusal, before anything of yours is held.",
            "email_settings.index",
            "Email settings",
        ),
        Answer(
            "I was invited, or belong to several workspaces. Where do I end up?",
            "Sign-in lists the workspaces you belong to and the invitations you have, with who "
            "sent them. You join only by accepting, and can decline. The menu switches between "
            "workspaces. Gmail's side panel works in the one in which your Gmail is connected; "
            "until it is connected anywhere, in the one you opened last.",
            "workspaces.index",
            "Workspaces",
        ),
        Answer(
            "What does “Gmail blocked” mean?",
            "Google named a reason why Rapport may not use the mailbox, and named it again after a "
            "pause: mostly that an administrator of Google Workspace does not allow it. Its answer "
            "is shown on the mailbox. Rapport asks again every hour; once Google allows it, "
            "reading continues and held mail leaves by itself. Temporary errors never block a "
            "mailbox.",
            "health.index",
            "Health",
        ),
        Answer(
            "What happens when I disconnect?",
            "Nothing that was synced is deleted. Mail sent or received afterwards is not synced, "
            "and pending mail is held until you connect again. Where your workspace chose so under "
            "Policies, texts go that nobody else here has; the question before says which.",
        ),
        Answer(
            "Does Rapport change anything in my Gmail?",
            "No. Mail of your contacts is shown here and stays in your Gmail inbox. Taking it out "
            "here does not delete it there. Spam, blocked senders and trusted domains are managed "
            "in Gmail.",
        ),
    ),
)
MISSING = Topic(
    "missing-mail",
    "A mail is missing",
    "Why a mail is not here, from the most frequent cause to the rarest.",
    (
        Answer(
            "Was its sender or recipient a contact?",
            "Mail is logged only when somebody on it was a contact, with that very address, when "
            "it was sent or received. A wrong address on the contact is the usual cause: correct "
            "it, or add the second address the person writes from.",
            "contacts.index",
            "Contacts",
        ),
        Answer(
            "Did one of us use another address?",
            "Mail from and to an alias counts as ours only when the alias is known. Gmail's “Send "
            "mail as” addresses are found by themselves; a missing alias is added by an admin.",
            "integrations.gmail",
            "Integrations: Gmail",
        ),
        Answer(
            "Is it older than the import reaches?",
            "The first import stops at the 1,000 most recent messages, and every reply counts as "
            "one. The page of the import shows how many were looked at and the date of the oldest. "
            "An import may take up to 24 hours.",
            "imports.index",
            "Imports",
        ),
        Answer(
            "Do several contacts share the address?",
            "Such a mail may be filed under only one of them. For a company where several people "
            "answer from one address, matching by domain is the better choice: see the policy "
            "“Matching by domain”.",
            "policies.index",
            "Policies",
        ),
        Answer(
            "Is it internal, or on the never-log list?",
            "Mail that stays inside your own domains is never logged, nor is what the never-log "
            "list covers.",
            "never_log.index",
            "Never log",
        ),
        Answer(
            "None of these?",
            "Every message a mailbox ever showed has a stored decision. Look it up by its "
            "Message-ID, and the reason is there in words.",
            "why.index",
            "Why is it here, or not?",
        ),
    ),
)
SENDING = Topic(
    "sending",
    "Sending: limits, windows and copies",
    "Why mail waits, and how to keep your address trusted.",
    (
        Answer(
            "Why are there limits?",
            "They protect the sender's reputation. Gmail distrusts addresses that send much at "
            "once, and a lost reputation takes weeks to repair. Mail you send by hand in Gmail "
            "counts as well. What is beyond a limit waits; nothing is dropped.",
            "email_settings.index",
            "Email settings",
        ),
        Answer(
            "What is the sending window for?",
            "Mail that leaves during working hours looks as if a person wrote it, and is more "
            "likely to be answered. Mail due outside the window waits for its next start. “Send "
            "now” skips the window, never the limits.",
        ),
        Answer(
            "Why would I set an always-BCC?",
            "To forward a copy of everything you send from here to another system, such as a "
            "second CRM.",
        ),
        Answer(
            "May I send to many people at once?",
            "Gmail is made for single mails. Bulk mail through it may block the address for a time "
            "or for good, for sending or receiving. Spam, abuse, complaints of customers and sheer "
            "volume trigger that. Before people of several accounts, or more than five, would see "
            "each other's addresses you are asked, and each gets an email of their own unless you "
            "say otherwise.",
        ),
        Answer(
            "Is it certain that a mail left, and left once?",
            "When the answer to a send is lost, Rapport looks in the mailbox's Sent mail before it "
            "does anything else, and says so under Pending.",
            "pending.index",
            "Pending",
        ),
        Answer(
            "Can I take an email back?",
            "Everything you send waits 10 seconds with Undo beside it; Email settings has longer "
            "and shorter times. What is taken back is held as you wrote it. An email that has left "
            "can't be recalled.",
            "email_settings.index",
            "Email settings",
        ),
        Answer(
            "How do people unsubscribe?",
            "An admin switches it on under Unsubscribes. Then every new conversation ends with a "
            "link, unless its author unticks “Allow unsubscribes”. A person who presses the button "
            "on the link's page gets no more mail that offers it; the list of contacts shows who "
            "has, and Stopped addresses by which email. Personal answers may still go to them.",
            "unsubscribes.index",
            "Unsubscribes",
        ),
        Answer(
            "What happens when mail comes back?",
            "The report appears in the conversation of the mail and names the address. An address "
            "that does not exist, fails on three days within thirty, or reports your mail as spam, "
            "is not written to until somebody lifts that. A delay or a refused mail changes "
            "nothing, and neither does a report on mail that was not sent from here.",
            "suppressions.index",
            "Stopped addresses",
        ),
    ),
)
FILING = Topic(
    "what-is-logged",
    "What is logged, and who sees it",
    "Where to find mail once it is here.",
    (
        Answer(
            "Do I have to file mail?",
            "No. Incoming mail of contacts is filed under them by itself, from every connected "
            "mailbox, once for the whole team.",
        ),
        Answer(
            "Why is a conversation listed under an account that has little to do with it?",
            "A conversation is listed under every account somebody on it belongs to. Its page "
            "names the address that put it there.",
            "conversations.index",
            "Conversations",
        ),
        Answer(
            "Two matters are in one conversation, or one in two.",
            "Mails belong together when one cites the other, or Gmail has them in one thread, and "
            "they share a person besides us; never because of a subject. Where that is not how "
            "you see it, the page of a conversation splits mails off or merges another one into "
            "it, for the whole team. Later mail follows, and both can be undone there.",
            "conversations.index",
            "Conversations",
        ),
        Answer(
            "Who can read it?",
            "The page of a conversation says who, and through which rule. A private email shows "
            "that it happened and nothing else.",
        ),
        Answer(
            "Something should not be here.",
            "The person who logged it, or whose mailbox it came from, takes it out on the page of "
            "its conversation; so may an admin. The never-log list keeps it out from the start.",
            "never_log.index",
            "Never log",
        ),
    ),
)
LEAVING = Topic(
    "leaving",
    "Somebody leaves the team",
    "What happens to their mail, their accounts and their Gmail, and how to undo it.",
    (
        Answer(
            "How do I hand over what a colleague looked after?",
            "An admin opens Team and roles, chooses Change beside their name, and then “Take "
            "access away”. Before anything happens you are asked two things: who gets their "
            "accounts and contacts, and what happens to the mail that waits to leave.",
            "team.index",
            "Team and roles",
        ),
        Answer(
            "What happens to mail that waits?",
            "It never leaves by itself. Either it is held where it is, until somebody gives it "
            "another sender or deletes it, or it goes to the colleague you choose. Their Gmail has "
            "to be connected; they look at each mail, and release it in their own name.",
            "pending.index",
            "Pending",
        ),
        Answer(
            "What happens to their Gmail and to the history?",
            "Their Gmail is disconnected at once: nothing is read from it or sent through it any "
            "more. What was brought in before stays in every history, and so do their notes.",
        ),
        Answer(
            "Can it be undone?",
            "Yes. Press Undo, or later “Let in again” under Team and roles. They get back the "
            "accounts and contacts that are still with whom they went to, and the mail that nobody "
            "has changed since. Their Gmail they connect again themselves.",
            "team.index",
            "Team and roles",
        ),
        Answer(
            "What if they were the only admin?",
            "Make somebody else an admin first: a workspace always keeps one.",
        ),
    ),
)
TOPICS = (CONNECTING, CUSTOMERS, MISSING, SENDING, FILING, WORK, LEAVING)
