"""Bounces: whether a message reports undelivered mail, for whom, and how gravely.

detection  the entry: tries the machine part, then JSON notices, then prose
report     what a bounce says, once read
dsn        delivery-status parts (RFC 3464, RFC 6533)
notices    Amazon SES and SNS notices in JSON
prose      qmail, exim, Sendmail, Exchange and others in words
library    flufl.bounce, where a report names nobody for us
openings   how such mail begins
phrases    the phrases by language
judging    hard, soft or policy, from code and text
vouching   which sender may report which address
"""
