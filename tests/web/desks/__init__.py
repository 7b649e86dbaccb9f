"""The desk, the municipality and the region, each page as somebody of the staff meets it."""
