"""The whole program, as a browser without JavaScript meets it."""

from tests.web.pages.conftest import program, program_database, session, site, travel, visit

__all__ = ["program", "program_database", "session", "site", "travel", "visit"]
