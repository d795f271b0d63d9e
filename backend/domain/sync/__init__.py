"""Sync with Gmail: what to fetch, how far, how often.

history        pages of history records and the cursor
changes        what a stretch of history amounts to
label_changes  a stored copy after its labels changed
import_reach   how far back an import, a resync or an audit reads
polling        the poll interval beside push
leases         how long a claim lasts without a heartbeat
"""
