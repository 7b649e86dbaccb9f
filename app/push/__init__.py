"""A sign in somebody's browser that there is something for them; what it is stands on the site only."""
