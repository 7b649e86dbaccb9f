"""What happens in a life and changes all at once: somebody died, is in hospital, or moved away."""
