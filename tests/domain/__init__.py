"""The rules, shown as tables and properties."""
