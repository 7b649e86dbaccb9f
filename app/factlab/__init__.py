"""Factlab: organisations count together in how many households their help meets; only the counts remain."""
