"""By telephone and at the door: what a resident can do on the site, done with them by a makelaar, and told on paper."""
