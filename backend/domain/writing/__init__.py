"""Writing: a message before it is queued.

recipients     To, Cc, Bcc cleaned, counted, refused at the field
audience       whether recipients would learn each other's addresses
answering      whom a reply goes to
attachments    names, types and sizes of files
message_size   whether it fits (D-27)
quoting        earlier messages below a reply (D-23)
branding       the branded template around a message (K-15)
sender_name    the name beside the address
unfilled       template variables nobody filled in
unsubscribing  the unsubscribe offer; `leaving_lists` writes its headers (RFC 2369, RFC 8058)
"""
