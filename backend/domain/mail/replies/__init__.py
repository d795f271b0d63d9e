"""The reply text: what somebody wrote, without quote and signature.

text           the entry for plain text and HTML
quotes         where a quote begins in plain text
shapes         attribution lines known by their shape in any language
header_blocks  From, Sent, To, Subject blocks; `glued` for those on one line
html_quotes    quotes in HTML by the markup of mail programs
signatures     delimiters, mobile programs, list footers
words          words of mail programs, by language
"""
