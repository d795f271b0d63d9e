"""Pure rules by concept. No I/O, no clock, no settings: facts in, decisions out.

mail         reading a message: addresses, headers, MIME, its kind, replies, bounces, forwards
people       team members, their roles and who may read what; names and suggestions
capture      whether a message is kept, left out or set aside, and because of whom
incoming     the one shape of a message on its way in, and what is known around it
identity     tells mails apart that repeat a Message-ID
threads      which messages make one conversation; splitting and merging
sync         Gmail's history, import reach, label changes, polling, leases
sending      windows, throttle, suppression, the decision before a send, the forecast
sender_limits  what all mail of one mailbox passes through: limits in force, windows, state
writing      recipients, audience, files and variables of a message being written
customers    customer lists: columns, rows, accounts, dates
oauth        Google's scopes and refusals
setup        checks of the set-up, and what only an admin at Google can see
policies     each choice of the contract, with values, default and sentences
summaries    the read model that cards, console and API render
reasons      the stored code and sentence of every decision
ids          NewType ids
backoff      exponential backoff with jitter
clocks       a clock that is off, in words
paging       keyset pagination
recency      filters by age
tasks        when a task is due, and what it can be postponed to
typed_text   cleans typed and pasted text
"""
