"""Automatic replies.

detection  whether a machine wrote it: headers first, then phrases
phrases    subjects and stock sentences by language
about      how people write *about* automatic replies, which must not count
"""
