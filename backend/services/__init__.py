"""One module for each thing the product does. Edges call these; they do not call each other."""
