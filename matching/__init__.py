"""The matching engine: who fits whom, in which order, and why. Pure: no database, no web, no clock.

Start at `types` (the rows), `rules` (who may meet), `score` (who comes first), `index` (the answers),
`explain` (the reasons); `brute` says the same slowly.
"""
