"""The contract, shown from its users' side: a folder for each document it was drawn from."""
