"""Mail in: the first import, live sync by history, and the resync after Gmail forgot our cursor.

The cursor moves only in the transaction that writes down what is to be fetched, so a crash anywhere
loses nothing; fetching and filing can be repeated without effect.
"""
