"""A region full of invented life, to look around in: ``filling`` makes it, ``personas`` are the ways in."""
