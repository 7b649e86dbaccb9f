"""A year of the demonstration region, played through the real engine under several policies; no database.

Start at ``assumptions`` (what is calibrated on what), ``world`` and ``drawing`` (who lives there and what is
asked), ``year`` (what happens), ``policies`` (who is asked), ``measures`` and ``compare`` (the figures),
``report`` (their file).
"""
