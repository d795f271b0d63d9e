"""The worker processes.

jobs      every job, one line each into a service
queues    which worker serves which queue
loop      takes a job, performs it, forgets it
schedule  the scheduler's process
tidying   keeps the schedule in Redis clean
context   a process's connections and stop flag
"""
