"""Real processes, end to end: the flows, each job twice, kills in mid-send."""
