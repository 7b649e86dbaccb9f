"""Plannen en ideeën: what a municipality or a resident lays before the others, and what these say of it."""
