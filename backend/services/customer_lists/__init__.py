"""Customer lists: a CSV file becomes accounts and contacts, from the terminal or in the browser.

file       the bytes as lines
judging    what is wrong with a line
findings   the wrong lines as a file to correct
checking   dry run
writing    upserts a batch of lines, with a journal to undo it
uploading  upload, column choice, start, stop, undo
working    the worker's job: check, write, undo
"""
