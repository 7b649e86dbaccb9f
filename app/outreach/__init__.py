"""Outreach (omzien): people who do not ask, neighbourhoods that are not reached, trustees, and mediation."""
