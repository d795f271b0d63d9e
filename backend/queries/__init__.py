"""What pages and cards show: one module for each noun of a page, and nothing in it writes.

A module holds the query beside its mapping to `domain/summaries`, so that a question about a page
has one file to look into. Commands (`backend.services`) import nothing from here, and nothing from
them is imported here.
"""
