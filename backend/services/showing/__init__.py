"""Rows turned into what pages and cards show, each only as far as its reader may see it."""
