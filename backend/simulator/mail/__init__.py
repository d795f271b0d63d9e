"""What a mail is and what filing it in a mailbox does, below everything that answers HTTP."""
