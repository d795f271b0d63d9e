"""The one read model: cards, console and API render these, so that they cannot disagree.

Services fill them; nothing here knows rows, JSON or HTML. Times are aware UTC; the renderer turns
them into the reader's zone. Sentences are ready to be shown.
"""
