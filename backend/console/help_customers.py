"""The help page on customer lists. Separate from the other topics, which fill a file already."""

from backend.console.help_topic import Answer, Topic

CUSTOMERS = Topic(
    "customers",
    "Importing customers",
    "How a CSV file becomes accounts and contacts, and how to take that back.",
    (
        Answer(
            "Which files can be read?",
            "CSV files with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252, with a "
            "first line of column names. The exports of HubSpot, Salesforce, Pipedrive, Google "
            "Contacts and Outlook are known by their columns; in any other list you choose what "
            "each column means. Excel workbooks are saved as CSV first.",
            "customer_lists.index",
            "Import customers",
        ),
        Answer(
            "What happens to people who are here already?",
            "A person is known by their address, an account by its domain or its name. What the "
            "list says completes or changes them; an empty cell changes nothing, and the same list "
            "twice is the same list once. “Unsubscribed” is taken over; nobody is ever subscribed "
            "again by a list.",
        ),
        Answer(
            "Some lines cannot be imported.",
            "Each is named with its number and the reason, and the file of findings holds these "
            "lines as they are. Correct them there and upload that file. The other lines can be "
            "imported meanwhile. A line without an email address brings only its account.",
        ),
        Answer(
            "Can an import be undone?",
            "Yes, as a whole, for 30 days: contacts and accounts it added are removed, and what it "
            "changed is restored. What somebody changed since, or what has mail, notes or people "
            "of its own by now, stays and is named. After 30 days the file is forgotten.",
        ),
        Answer(
            "How do I get everything out again?",
            "Accounts and Contacts have Export: a CSV file in the columns that Import customers "
            "reads, so that taking it in again changes nothing. An admin finds everything in one "
            "archive under Audit log. Archived ones are left out, and each export is in the audit "
            "log.",
            "contacts.index",
            "Contacts",
        ),
        Answer(
            "Who may import, and who sees the lists?",
            "Every member may. A list is seen, run and undone by its uploader and by admins; "
            "the accounts and contacts it brings belong to the workspace.",
        ),
    ),
)
