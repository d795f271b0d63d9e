"""Customer lists: a CSV file becomes accounts and contacts, from the terminal or in the browser.

file       the bytes as lines
judging    what is wrong with a line
writing    lines become rows, a batch at a time, with the way back
uploading  a file is taken up, its columns are chosen, it is started, stopped and undone
working    what a worker does: check, write, undo
checking   what a list would do
"""
