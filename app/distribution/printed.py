"""A run as the command line prints it: what was looked at, what it covers, and the proof."""

from collections import Counter
from collections.abc import Iterator

from app.distribution.service import Run
from matching.batch.types import Without


def lines(one: Run) -> Iterator[str]:
    """The coverage, why places stay empty, and the certificate, a line each."""
    region, proof = one.situation.region, one.assignment.certificate
    places = sum(region.places.values())
    people = sum(1 for room in region.capacities.values() if room > 0)
    without = Counter[Without]()
    for unserved in one.assignment.unserved:
        without[unserved.why] += unserved.places
    yield f"Looked at: {places} places of {len(region.requests)} open requests, {people} people who can be asked."
    yield f"Coverage: {proof.coverage} of {places} places; no assignment fills more than {proof.coverage_bound}."
    yield f"First come, first served: {one.assignment.first_come} places."
    yield (
        f"Without: {without[Without.NOBODY_FITS]} places that nobody fits,"
        f" {without[Without.NEEDED_ELSEWHERE]} whose helpers are needed more elsewhere."
    )
    yield (
        f"Certificate: objective {proof.objective}, dual objective {proof.dual_objective},"
        f" {proof.edges} pairs weighed: {'proven' if proof.proven else 'NOT PROVEN'}."
    )
