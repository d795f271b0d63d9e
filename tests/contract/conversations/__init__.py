"""Conversations: started, pending, sent, and unsubscribed from."""
