"""Team members and people: roles, identity, names, visibility.

actor             the signed-in member that every verb receives
audit_words       how the audit log's actions are called
oneself           what an admin logged in as somebody may not do (D-34)
roles             what a member, a leader and an admin may do
identity          who somebody is for Google
team              the addresses that are the workspace's own
internal_domains  domains that a workspace may claim
invitations       who may be invited, until when
invitee_lists     a pasted list or CSV of people to invite, with roles
setup_code        the one-time code of an empty installation
visibility        who may read a message, how much, by which rule
creation          whether a message may create a contact (D-4)
suggestions       name and account to prefill for an unknown person
entered_people    people typed or pasted into a field
names             names people type; `name_keys` for searching them
"""
