"""The card beside the open email.

message    which card it is: of a stored mail, or of one that Gmail alone has
facts      everything about a stored mail and its person, in one statement
known      a known person, and what is between us and them (C-2)
recent     the newest interactions with a person, and who can read what
sight      what the rules must know of a mail that Gmail alone has, in one statement
unstored   such a mail: which of the five cases it is
stranger   nobody on it is known: who could become a contact (C-3)
forwarded  whose mail it forwards, as its text claims
"""
