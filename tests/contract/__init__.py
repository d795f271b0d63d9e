"""The contract, shown where its users stand: a folder for each document it was drawn from."""
