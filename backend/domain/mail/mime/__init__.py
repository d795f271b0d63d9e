"""MIME, one grammar a module (RFC 2045 to 2049, 2231, 2047).

tree        raw bytes to parts, bounded in depth and number
fields      the header block to (name, value) pairs
parameters  Content-Type and Content-Disposition
words       encoded words
charsets    bytes to text; `guessing` where the label is missing or wrong, `iso2022` for Japanese
transfer    base64 and quoted-printable, lenient; `uuencode` for pasted files
body        which parts are the body, which are attachments (JMAP's algorithm)
flowed      format=flowed, DelSp
html_text   HTML to plain text; `html_bounds` estimates its cost first
opening     containers: `cms` (S/MIME), `tnef` (winmail.dat) with its `rtf`
attached    the list of files, attached messages included
"""
