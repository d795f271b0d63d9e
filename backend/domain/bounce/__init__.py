"""The parts of reading a bounce: its shape, the machine part, the prose, and the judgement."""
