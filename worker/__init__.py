"""The worker processes: jobs, queues and everything periodic."""
