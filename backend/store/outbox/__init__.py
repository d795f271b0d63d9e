"""The outbox: pending mail as rows, what it passes through, how it moves, when it leaves."""
