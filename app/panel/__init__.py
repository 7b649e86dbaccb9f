"""Cliëntenraad: what people who get help say of how it goes, and what became of each point."""
