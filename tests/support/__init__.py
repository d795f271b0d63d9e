"""What tests of several folders stand on: servers, databases, the simulator."""
