"""The agenda behind a secret address."""
