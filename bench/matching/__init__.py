"""The engine beside its anchors, in one run: `make bench-matching`, or `python -m bench.matching`."""
