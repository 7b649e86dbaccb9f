"""Checks (controles): what help asks of a helper, what the desk saw, and what is missing."""
