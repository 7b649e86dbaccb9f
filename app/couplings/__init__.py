"""Lasting couplings (maatjes): the talks that go with them, at the start, half-way and at the end."""
