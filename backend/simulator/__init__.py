"""A Google that runs on a laptop, spoken to over HTTP only. Imports nothing of the product."""
