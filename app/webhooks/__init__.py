"""Telling a municipality's own systems that something happened, signed, and without a word about anybody."""
