"""The only code that speaks to Google: every answer leaves it as a dataclass of ours.

apis          the interface that services use
roots         Google's hosts, or the one root that replaces them

Permission
oauth         the authorization-code flow with PKCE
credentials   access tokens of a mailbox
tokens        verifies tokens signed by Google
signing_keys  Google's keys
kept_answer   a cached response with them
client_check  whether Google accepts our OAuth client

Reading
gmail         one mailbox
history       history pages
parsing       one message resource
deferred      large bodies that come apart
files         attachments, streamed
open_message  the open email, as the event names it
opened        the open email, read
inspect       `rapport inspect-mail`

Writing
compose       a message to bytes
mail_text     its plain text and HTML
header_block  its headers
mime_writer   its parts
posting       exactly one POST

Failures
answers       classifies error answers
guarding      failures as our errors
retry_after   how long Google asks us to wait
deadlines     total deadlines
discovery     Google's API description, bundled
"""
