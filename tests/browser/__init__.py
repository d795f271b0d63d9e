"""Chromium on real pages: accessibility, both themes, narrow screens, no JavaScript."""
