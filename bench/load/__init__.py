"""A mix of pages, matches and bookings, beside a bare program that answers the same."""
