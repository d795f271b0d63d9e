"""One email message as rules see it, from raw bytes to its kind.

parse         raw bytes or a tree of parts to a ParsedMessage
message       ParsedMessage, Address, Attachment: the only form in which rules see mail
envelope      sender and recipients as address keys
address       parsing and identity of one address; `address_list` for header fields;
              `address_spelling` undoes quotes, `SMTP:` and `mailto:`
domains       registrable domain, shared hosts, free and disposable providers
headers       single header values: ids, dates, safe text
mime          the grammars below: tree, charsets, transfer encodings, S/MIME, TNEF
kinds         bounce, automatic reply, calendar, list or written by a person
auto_replies  absence notes, receipts, tickets
bounces       delivery reports and non-delivery mail, and for whom
replies       the text above the quote, without the signature
forwards      the inner sender of a forwarded message, as a suggestion
subjects      reply and forward prefixes
event_text    an invitation (iCalendar) as text
foreign_html  sanitising HTML of strangers; `web_links` resolves where a link leads
labels        Gmail label ids
normal_forms  Unicode normal forms in linear time
lazy_pattern  patterns compiled at their first use
"""
