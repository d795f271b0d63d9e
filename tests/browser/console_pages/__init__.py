"""The console's pages in Chromium."""
