"""Pure rules. No I/O, no clock, no settings: facts in, decisions out."""
