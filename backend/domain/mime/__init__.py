"""The grammars of MIME, one module each: charsets, words, parameters, fields, parts, body."""
