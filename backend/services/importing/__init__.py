"""Mail in: the first import, live sync, the resync after Gmail forgot our cursor, and the audit.

The cursor moves only in the transaction that writes down what to fetch, so a crash loses nothing;
fetching and filing are idempotent.

syncing        live sync: history since the cursor
runs           the job of an import, a resync or an audit
run_context    what such a job holds
listing        which messages a run looks at, and how many
draining       fetches and files in batches
comparing      stored copies against Gmail's: labels, deletions
labels         applies Gmail's label changes to stored copies (D-22)
own_addresses  the owner's send-as addresses (S-13)
push           asks Gmail for push, and renews it
opening        opens a mailbox for a job
looking_again  retries a blocked mailbox
lease_renewal  renews leases while a job reads
"""
