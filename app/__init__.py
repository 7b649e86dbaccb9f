"""What people can do on ZorgvoorElkaar: one folder per feature."""

import sys

# httpx takes its command line along where rich and pygments are there, into the memory of each process that serves and
# never calls it. Without it, httpx goes on by itself.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
