"""Pure card builders: summaries in, card JSON out."""
