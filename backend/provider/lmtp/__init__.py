"""An LMTP server (RFC 2033) that streams, so that mail of any size takes little memory.

Written here because aiosmtpd keeps a whole mail in memory several times over and knows no CHUNKING:
eight mails of 40 MB at once take it 730 MB.

server      listening, and how many connections there may be
session     one conversation: the commands and their replies
wire        lines and pieces of one connection
unstuffing  the end of DATA, and dots at the beginning of lines
content     a mail as it arrives: in memory, then on disk
"""
