"""Inbound calls from machines: Google's push, the operator's probes, mail by LMTP."""
