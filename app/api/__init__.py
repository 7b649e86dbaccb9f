"""The JSON API under ``/api/v1``: the same services as the pages, in the Dutch API design rules."""

from fastapi import FastAPI

PREFIX = "/api/v1"


def install(app: FastAPI) -> None:
    """Add the routers of every feature."""
