"""The ledger's functions beside what else one could write: an ORM, and the same guards in plain psycopg."""
