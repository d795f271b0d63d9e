"""Inbound calls from machines.

gmail_push  Gmail's push notifications
probes      liveness, readiness, metrics
smart_bcc   mail by LMTP
"""
