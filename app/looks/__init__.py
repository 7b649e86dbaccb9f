"""Huisstijl: a municipality's own colours and logo, safe to read in both themes."""
