"""The simulator, driven by Google's own client and held against Google's own schemas."""
