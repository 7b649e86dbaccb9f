"""One's own agenda: everything that one comes to, as a feed behind a secret address."""
