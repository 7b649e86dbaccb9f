"""Doing things together: meals, coffee, courses, with places and a waiting list."""
