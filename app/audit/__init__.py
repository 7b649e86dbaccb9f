"""Who did or read what of whom, and why: written once, chained, and kept outside as well."""
