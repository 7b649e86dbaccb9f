"""Routes by the first step of their path: nine hundred patterns tried one by one are an eighth of a page's time."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

NOWHERE: Final = "\0"
"""No column holds it, so there is nothing at an address with one."""


class Tree(BaseRoute):
    """Routes as they were made, each found under the first step of its path.

    Included in the program, each would be worked out a second time for its first visitor, and kept twice.
    """

    def __init__(self, routes: Iterable[BaseRoute], before: Callable[[Request], Awaitable[None]]) -> None:
        """``before`` looks at each request that one of the routes takes, and raises what it refuses it with."""
        self.routes = [route for route in routes if isinstance(route, APIRoute)]
        self._before = before
        self._under: dict[str, list[APIRoute]] = {}
        for route in self.routes:
            self._under.setdefault(_first_step(route.path), []).append(route)
        assert not any(step.startswith("{") for step in self._under), "a first step that could be anything"

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As a router does: the first that takes it, else the first that would with another method."""
        found: tuple[Match, Scope] = Match.NONE, {}
        if NOWHERE in scope["path"]:
            return found
        for route in self._under.get(_first_step(scope["path"]), ()):
            match, child = route.matches(scope)
            if match is Match.FULL:
                return match, child
            if found[0] is Match.NONE:
                found = match, child
        return found

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """By the route that matched, which left its name in the scope."""
        route: APIRoute = scope["route"]
        if scope["method"] in (route.methods or ()):
            await self._before(Request(scope, receive))
        await route.handle(scope, receive, send)


class Branch(APIRouter):
    """Routes that are looked through only where a path, after its prefix, begins as one of them does."""

    def __init__(self, routes: APIRouter, prefix: str = "") -> None:
        # the routes themselves: included, each would be worked out twice, at the start and for the first visitor
        super().__init__(routes=routes.routes)
        self._place = prefix.count("/") + 1
        self._steps = frozenset(_first_step(str(route.path)) for route in iter_route_contexts(routes.routes))
        assert not any(step.startswith("{") for step in self._steps), "a first step that could be anything"

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As every router does, once that step is one of ours."""
        steps = scope["path"].split("/", self._place + 1)
        if NOWHERE in scope["path"] or len(steps) <= self._place or steps[self._place] not in self._steps:
            return Match.NONE, {}
        return super().matches(scope)


def _first_step(path: str) -> str:
    return path.split("/", 2)[1] if "/" in path else ""


def routes_of(program: FastAPI) -> Iterator[RouteContext]:
    """Every route of the program, with the path under which it is reached."""
    for route in program.routes:
        yield from iter_route_contexts(route.routes if isinstance(route, Tree) else [route])
