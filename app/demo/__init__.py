"""A region full of invented life, to look around in. ``fill`` makes it, ``personas`` are the ways in."""

from app.demo.filling import NotEmpty, Summary, fill

__all__ = ["NotEmpty", "Summary", "fill"]
