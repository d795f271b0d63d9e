"""Pages of the console over HTTP: status, words, effects, refusals."""
