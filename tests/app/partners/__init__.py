"""Organisations that take part."""
