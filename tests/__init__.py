"""Tests mirror the packages; each name is a sentence that holds."""
