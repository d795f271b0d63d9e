"""The whole product in one terminal: embedded servers, and a supervisor that keeps them running.

For development, tests and trials. It starts the parts as processes and imports none of them.

up            `rapport up`
supervisor    starts, restarts and stops programs
process       one child process
services      the programs, with their readiness checks
checks        readiness checks
environment   environment variables of the parts
serving       the web server's parent process
web_process   one of its children
template_cache  compiled templates, kept for the next start
crowding      its log line under load
postgres      an embedded PostgreSQL
valkey        an embedded Valkey or Redis
binaries      finds their programs
accounts      the system account they run as
data_dir      the data folder and its lock
installation  generated secrets
ports         free ports
attach        lets a second terminal find the first
loading       progress of a mail archive
"""
