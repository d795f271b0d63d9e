"""The command `rapport`. Each command is one call into the product; none decides anything.

group       the list of commands
processes   up, web, worker, schedule, smart-bcc, simulator
database    migrate
workspace   create-workspace
seed        seed
customers   import-csv
keys        rotate-keys
deployment  deployment
doctor      doctor; `doctor_google` checks Google
mail        inspect-mail
answers     why, audit
outside     dependencies of one command
"""
