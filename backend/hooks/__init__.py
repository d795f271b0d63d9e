"""Inbound calls of machines: Google's push, and the probes of whoever operates the product."""
