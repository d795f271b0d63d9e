"""The companion backend: rules, store, Google, services and the edges that serve people."""
