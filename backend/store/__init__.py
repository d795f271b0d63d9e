"""Postgres: sessions bound to one workspace, the tables, and one query module per aggregate."""
