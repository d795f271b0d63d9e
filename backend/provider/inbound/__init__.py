"""Mail that a provider received for us and posts over HTTP: verified and read, one module each.

delivered  one delivery, and the hooks of an installation
postmark   JSON behind HTTP basic authentication
mailgun    a form with an HMAC
sendgrid   a form with an ECDSA signature
ses        Amazon SNS messages, with RSA signatures
pages      Amazon's certificate, and confirming a topic
"""
