"""Talks of lasting couplings."""
