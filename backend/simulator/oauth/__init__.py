"""Google's accounts: consent, tokens, keys and identity."""
