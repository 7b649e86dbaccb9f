"""Routes by the first step of their path: six hundred patterns tried one by one are an eighth of a page's time."""

from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from starlette.routing import Match
from starlette.types import Scope


class Branch(APIRouter):
    """Routes that are looked through only where a path, after its prefix, begins as one of them does."""

    def __init__(self, routes: APIRouter, prefix: str = "") -> None:
        # the routes themselves: included, each would be worked out twice, at the start and for the first visitor
        super().__init__(routes=routes.routes)
        self._place = prefix.count("/") + 1
        self._steps = frozenset(str(route.path).split("/")[1] for route in iter_route_contexts(routes.routes))
        assert not any(step.startswith("{") for step in self._steps), "a first step that could be anything"

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As every router does, once that step is one of ours."""
        steps = scope["path"].split("/", self._place + 1)
        if len(steps) <= self._place or steps[self._place] not in self._steps:
            return Match.NONE, {}
        return super().matches(scope)
