"""Customer lists: CSV rows to accounts and contacts.

columns         which column says what, by the names other products use
rows            one row: account and person, or what is wrong
addresses       cells with several addresses
products        which product wrote a list
lists           a list in the browser: bounds, states, chosen columns
dates           dates in the order that the list shows
account_book    which account a row means
account_traits  the workspace's own attributes of accounts
account_health  the name of a health figure
edits           merges an edit with a colleague's
"""
