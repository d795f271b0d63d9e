"""Mail servers that are not Google.

lmtp           takes copied mail from the mail server beside us
inbound        mail that a provider posts over HTTP
sender_checks  whether DKIM or SPF proves who sent a mail
dns_lookup     the questions to DNS for that, with a time limit
"""
