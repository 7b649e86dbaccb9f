"""Personal data: why it is kept, what was allowed, what one gets to see, and how it is forgotten."""
