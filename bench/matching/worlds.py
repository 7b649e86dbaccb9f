"""People and requests in which every rule and every term of the score has work to do."""

from dataclasses import dataclass, replace
from uuid import UUID

from bench.bench_matching import World
from matching.types import Gender, Offer, Request

ORGANISATIONS = range(1, 6)
MOST_REQUESTS = 100_000


class Everyone(World):
    """The towns and tastes of `World`, with what few people have: a wish, an organisation, somebody to avoid."""

    def offer(self, number: int) -> Offer:
        """One person's offer."""
        draw = self.draw
        return replace(
            super().offer(number),
            resting=draw.random() < 0.03,
            organisation=draw.choice(ORGANISATIONS) if draw.random() < 0.03 else None,
            gender=draw.choice((None, Gender.FEMALE, Gender.MALE)),
            excluded=frozenset({UUID(int=1 << 64 | draw.randrange(1000))} if draw.random() < 0.01 else ()),
        )

    def request(self, number: int) -> Request:
        """One person's request."""
        draw = self.draw
        return replace(
            super().request(number),
            skills_wished=self.mask(10, 0.1),
            vulnerable=draw.random() < 0.2,
            gender=Gender.FEMALE if draw.random() < 0.03 else None,
            organisation=draw.choice(ORGANISATIONS) if draw.random() < 0.3 else None,
            cross_border=draw.random() < 0.9,
            excluded=frozenset({UUID(int=draw.randrange(1000))} if draw.random() < 0.05 else ()),
        )


@dataclass(frozen=True, slots=True)
class People:
    """Those who help, those who ask, and how many of both are measured."""

    offers: list[Offer]
    requests: list[Request]
    queries: int

    @property
    def asked(self) -> list[Request]:
        """The requests that are measured."""
        return self.requests[: self.queries]

    @classmethod
    def drawn(cls, size: int, queries: int) -> "People":
        """Seeded, so that figures compare. As many ask as help, up to a limit."""
        world = Everyone(size)
        return cls(
            [world.offer(number) for number in range(size)],
            [world.request(number) for number in range(min(size, MOST_REQUESTS))],
            min(queries, size),
        )
