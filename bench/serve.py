"""Serves the program, or beside it a bare page: `python -m bench.serve ours|bare|hello`.

The bare page runs the statements of the program's own list page as plain SQL through psycopg, in one transaction,
and renders the same template with the same rows. What the program adds (mapping, policy, session, headers) is the
difference between the two.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.responses import HTMLResponse

LIST_PATH = "/hulpvragen"


def ours() -> FastAPI:
    """The program on the database of the environment, with memory kept as `serve` keeps it."""
    from app import cli, memory  # noqa: F401 - `serve` comes in by the first
    from app.config import Settings
    from app.db import Database
    from app.main import create_app

    settings = Settings()
    assert settings.database_url
    memory.set_up()
    app = create_app(settings, Database(settings.database_url, pool_size=settings.pool_size))
    memory.settle()
    return app


def bare() -> FastAPI:
    """The same page without the program around it."""
    from psycopg_pool import ConnectionPool
    from sqlalchemy import make_url

    statements, render = _recorded(ours())
    url = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql")
    pool = ConnectionPool(url.render_as_string(hide_password=False), min_size=10, max_size=10)
    app = FastAPI()

    @app.get(LIST_PATH)
    def show() -> HTMLResponse:
        with pool.connection() as connection, connection.transaction():
            for statement, parameters in statements:
                cursor = connection.execute(statement, parameters)
                if cursor.description:  # a write gives no rows
                    cursor.fetchall()
        return HTMLResponse(render())

    return app


def _recorded(app: FastAPI) -> tuple[list[tuple[str, Any]], Callable[[], str]]:
    """The statements and the rendering of one real request."""
    from sqlalchemy import event
    from starlette.testclient import TestClient

    from web import rendering

    statements: list[tuple[str, Any]] = []
    rendered: list[tuple[Any, dict[str, Any]]] = []
    real = rendering.environment

    def record(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: bool) -> None:
        statements.append((statement, parameters))

    class Recorder:
        def __init__(self, lang: str) -> None:
            self.environment = real(lang)

        def get_template(self, name: str) -> Any:
            template = self.environment.get_template(name)

            class Rendered:
                @staticmethod
                def render(context: dict[str, Any]) -> str:
                    rendered.append((template, context))
                    return str(template.render(context))

            return Rendered()

    event.listen(app.state.database.engine, "before_cursor_execute", record)
    rendering.environment = Recorder  # type: ignore[assignment]
    try:
        with TestClient(app, base_url="https://localhost") as client:
            client.get(LIST_PATH).raise_for_status()
            statements.clear()
            rendered.clear()
            client.get(LIST_PATH).raise_for_status()
    finally:
        rendering.environment = real
        event.remove(app.state.database.engine, "before_cursor_execute", record)
    ((template, context),) = rendered
    # a connection that the pool hands out is asked for a sign of life first: that is the program's own care
    return [s for s in statements if s[0]], lambda: template.render(context)


def hello() -> FastAPI:
    """FastAPI, psycopg and Jinja2, and nothing else: what memory is compared with."""
    import psycopg
    from jinja2 import Environment

    template = Environment(autoescape=True).from_string(
        "<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1>"
    )
    url = os.environ["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    app = FastAPI()

    @app.get(LIST_PATH)
    def show() -> HTMLResponse:
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT 'Hulpvragen'").fetchone()
        return HTMLResponse(template.render(title=row[0] if row else ""))

    return app


if __name__ == "__main__":
    made = {"ours": ours, "bare": bare, "hello": hello}[sys.argv[1]]()
    uvicorn.run(
        made, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning", server_header=False
    )
