"""The company that the simulator starts with."""
