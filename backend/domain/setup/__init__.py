"""The set-up of an installation: what was tested, what only a person can see, the steps as text.

checks        the result of one check: state, evidence, time, next step
evidence      requests from Google, as evidence that they arrive
mail_domain   SPF, DKIM and DMARC records of a domain, judged
by_hand       what Google shows to nobody but an admin
steps         the admin's steps as a text to send
"""
