"""Mailboxes, their connection, and their imports.

listing  the mailboxes of a workspace, one's own, and who has none
lines    a mailbox and an import as pages show them
state    what is wrong with a mailbox, in words
shared   shared mailboxes, templates, and whom one may write as
imports  imports as a list and one by itself
"""
