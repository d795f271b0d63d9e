"""Consent at Google: scopes, refusals, and abandoned flows.

scopes        scopes asked for, and wider ones that contain them
refusals      each refusal: what happened, who can mend it, how
testing_mode  grants that end after 7 days while the project is in Testing
justifications  why each scope is asked for
funnel        how many leave for Google and return
"""
