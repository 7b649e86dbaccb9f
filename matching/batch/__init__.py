"""Who helps whom in a whole region at once: most people helped, then those of high priority, then quality.

Start at `types` (what goes in and comes out) and `assign` (the answer with its certificate).
"""
