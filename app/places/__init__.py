"""Municipalities, neighbourhoods, cells, and what a typed place or deadline means."""
