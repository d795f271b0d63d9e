"""The web console: routes by noun, forms, templates and the files of the front end."""
