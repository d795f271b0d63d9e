"""Inbound calls from machines.

form_bytes    fields of a posted form, undecoded
gmail_push    Gmail's push notifications
inbound_mail  mail for Smart BCC that a provider posts
probes        liveness, readiness, metrics
smart_bcc     mail by LMTP
"""
