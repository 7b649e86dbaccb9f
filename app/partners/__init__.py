"""Organisations that take part: joining step by step, the covenant, who works and helps there, and introductions."""
