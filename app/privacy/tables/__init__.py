"""Every table and column with its purpose. The marks are in `app.privacy.register.MARKS`.

Whoever imports this package has them all, in this order: that of the paper, and of forgetting somebody.
"""

from importlib import import_module

for part in ("facts", "people", "help", "chain", "safety", "roosjes", "books", "access"):
    import_module(f"{__name__}.{part}")
