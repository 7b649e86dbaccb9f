"""Exchange rings: two to four people who each help the next, so that everybody gives and gets.

Start at `types` (what goes in and comes out) and `find` (the answer with its upper bound).
"""
