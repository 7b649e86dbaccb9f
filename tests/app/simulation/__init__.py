"""A simulated year: the same for all policies, the same each time, and within every limit."""
