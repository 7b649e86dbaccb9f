"""Dienstencheques and Roosjes on paper: sold, printed, handed in, paid out."""
