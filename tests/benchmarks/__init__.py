"""Measurements run by hand; each prints medians and ratios to a floor of the same run."""
