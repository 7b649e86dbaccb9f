"""Instellingen over time: every version that was saved, how others have it, and what municipalities share."""
