"""The card beside the open email.

message    which card it is: of a stored message, or of one that only Gmail has
facts      everything about a stored message and its person, in one statement
known      a known person, and our history with them (C-2)
recent     the newest interactions with a person, and who can read what
sight      the rules' input for a message that only Gmail has, in one statement
unstored   such a message: which of the five cases it is
stranger   nobody on it is known: who could become a contact (C-3)
forwarded  the author of a forwarded message, as its text claims
"""
