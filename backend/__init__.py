"""The companion backend: rules, store, Google, services and the edges that serve people.

Edges
console     the web console
hooks       calls from machines: push, probes, LMTP
cli         the command `rapport`
local       the whole product in one terminal
wsgi        the web process
wiring      builds real clients from settings
deps        what it hands to commands and queries

Below the edges
services    commands
queries     reads
store       Postgres
google      Gmail and OAuth
provider    mail servers that are not Google
limits      atomic reservation in Redis
jobs        job names, queues, enqueueing
rate_limit  keeps a mailbox under Google's rate
domain      pure rules
settings    configuration from the environment
clock       the only reader of the time
cpu         bounds the CPU time of one call
errors      the exception tree

Beside it
simulator   a Google that runs on a laptop
"""
