"""By telephone and at the door."""
