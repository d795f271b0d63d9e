"""The whole product in one terminal: embedded servers, and a supervisor that keeps them running.

For development, tests and trials. It starts the parts as processes and imports none of them.
"""
