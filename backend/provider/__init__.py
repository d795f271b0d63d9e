"""Mail servers that are not Google.

lmtp  takes copied mail from the mail server beside us
"""
