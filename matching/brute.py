"""The oracle: every pair looked at one by one with the scalar rules and terms. Slow, and obviously right."""

from collections.abc import Iterable
from uuid import UUID

from matching.borders import Borders
from matching.cells import metres_between
from matching.rules import first_failed
from matching.score import score
from matching.ties import tie
from matching.types import Match, Offer, Request


def best_offers(
    request: Request, offers: Iterable[Offer], borders: Borders, *, seed: int = 0, k: int = 20
) -> list[Match]:
    """What `OfferIndex.top_k` must answer."""
    best: dict[UUID, Match] = {}
    matching = [_match(request, o, o.person_id) for o in offers if first_failed(request, o, borders) is None]
    for match in sorted(matching, key=lambda match: _order(match, seed)):
        best.setdefault(match.person_id, match)
    return list(best.values())[:k]


def best_requests(
    offer: Offer, requests: Iterable[Request], borders: Borders, *, seed: int = 0, k: int = 20
) -> list[Match]:
    """What `RequestIndex.top_k` must answer."""
    matching = [_match(r, offer, r.person_id) for r in requests if first_failed(r, offer, borders) is None]
    return sorted(matching, key=lambda match: _order(match, seed))[:k]


def _match(request: Request, offer: Offer, person_id: UUID) -> Match:
    metres = metres_between(request.cell, offer.cell)
    return Match.of(request.id, offer.id, person_id, score(request, offer), metres)


def _order(match: Match, seed: int) -> tuple[int, int, int, int]:
    return -match.score, tie(seed, match.request_id, match.offer_id), match.request, match.offer
