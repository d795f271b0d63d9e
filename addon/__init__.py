"""What Gmail's side panel calls: one blueprint that answers Google with cards."""
