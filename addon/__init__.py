"""What Gmail's side panel calls: one blueprint that answers Google with cards.

routes         the addresses Gmail calls
routing        their table: kind, scopes, retry
auth           verifies Google and the member
event          Google's event, parsed once
addon_request  one verified request
triggers       home card, open email
actions        clicks
task_actions   clicks on tasks
contact_form   the form of an unknown sender
notices        what a click did, in one line
responses      the envelopes Google takes
problems       failures as cards
remembered     a cache of members
config         addresses and client ids
deployment     deployment.json for one installation
deployment_check  checks it, and the pictures of its listing
"""
