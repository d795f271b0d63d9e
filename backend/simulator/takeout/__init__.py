"""Real mail from mbox files and Maildir folders."""
