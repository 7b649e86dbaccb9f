"""Inlezen: people, offers and organisations from a file, first as a rehearsal, with a report by line."""
