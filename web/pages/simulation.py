"""De nagespeelde regio: the last simulation, with what this engine loses on beside what it wins."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.roles import Permission
from app.errors import NotFound
from app.simulation import report as reports
from app.simulation.report import Report, Unreadable
from web import i18n, simulation_words as words
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page
from web.session import Staff
from web.simulation_charts import DotChart, dot_chart

router = APIRouter()
DOTS: Final = (
    "wait_vulnerable",
    "wait_others",
    "first_reaction_hours",
    "distance_km",
    "gini",
    "no_task",
    "asked",
    "in_vain",
    "over_asked",
    "both",
)
"""What is drawn, in this order; the table at the end has the rest."""
STEPS: Final = (("nightly", "engine"), ("rings", "nightly"))
"""What a later part of this engine adds to the one before."""


@router.get("/regio/simulatie", name="region.simulation")
def show(request: Request, actor: Staff) -> Response:
    """The last simulation, or how to make one."""
    if not actor.reach(Permission.SEE_REGION):
        raise NotFound
    try:
        report = reports.last(request.app.state.settings.data_dir)
    except Unreadable:
        return desk_page(request, actor, "simulation/none.html", unreadable=True)
    if report is None:
        return desk_page(request, actor, "simulation/none.html", unreadable=False)
    return desk_page(request, actor, "simulation/show.html", **_context(report, i18n.language(request)))


def _context(report: Report, lang: str) -> dict[str, Any]:
    played = {policy.name for policy in report.policies}
    ours = next((name for name in words.OURS if name in played), None)
    return {
        "report": report,
        "title": _title(report, ours, lang),
        "names": [translate(lang, words.POLICIES[policy.name]) for policy in report.policies],
        "coverage": {days: _coverage(report, f"coverage_{days}", lang) for days in (3, 7)},
        "pictures": [_picture(report, measure, lang) for measure in DOTS],
        "loads": _loads(report, ours, lang),
        "beside": [_beside(report, (ours, peer), lang) for peer in words.PEERS if ours and peer in played],
        "added": [_beside(report, pair, lang) for pair in STEPS if played.issuperset(pair)],
        "rings": _rings(report) if "rings" in played else None,
        "rows": _rows(report, lang),
        "calibration": _calibration(report, lang),
    }


def _title(report: Report, ours: str | None, lang: str) -> str:
    mean = report.policy(ours).measures["coverage_7"].mean if ours else None
    if mean is None:
        return translate(lang, N_("Een jaar nagespeeld"))
    return translate(
        lang,
        N_("Nagespeeld: %(helped)s van de 100 vragen hebben binnen een week iemand"),
        helped=round(100 * mean),
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """One policy beside another: what is worse and what better, and on how many points nothing is clear."""

    policy: str
    other: str
    worse: list[str]
    better: list[str]
    unclear: int


def _beside(report: Report, pair: tuple[str, str], lang: str) -> Beside:
    found = [one for one in report.differences if (one.policy, one.other) == pair]
    told: dict[str, list[str]] = {"worse": [], "better": []}
    for one in found:
        if one.verdict != "unclear":
            told[one.verdict].append(words.sentence(one, lang))
    policy, other = (translate(lang, words.POLICIES[name]) for name in pair)
    unclear = sum(one.verdict == "unclear" for one in found)
    return Beside(policy, other, told["worse"], told["better"], unclear)


def _rings(report: Report) -> dict[str, int]:
    """Of one year, on average: how many rings were proposed and went ahead, and how many people they helped."""
    measures = report.policy("rings").measures
    return {name: round(measures[name].mean or 0) for name in ("rings_proposed", "rings", "ring_people")}


def _coverage(report: Report, measure: str, lang: str) -> list[tuple[str, int, int]]:
    means = [(policy.name, policy.measures[measure].mean) for policy in report.policies]
    return [
        (translate(lang, words.POLICIES[name]), round(100 * mean), 100)
        for name, mean in means
        if mean is not None
    ]


def _picture(report: Report, measure: str, lang: str) -> tuple[str, DotChart, list[tuple[str, str, str]]]:
    """Title, dots, and the rows of the table that says the same."""
    rows = [
        (
            translate(lang, words.POLICIES[policy.name]),
            words.figure(measure, policy.measures[measure], lang),
            policy.measures[measure],
            policy.name in words.OURS,
        )
        for policy in report.policies
    ]
    told = [(label, text, words.interval(measure, spread, lang)) for label, text, spread, _ in rows]
    return translate(lang, words.MEASURES[measure][0]), dot_chart(rows), told


def _loads(report: Report, ours: str | None, lang: str) -> dict[str, Any] | None:
    """Of every hundred helpers, how many helped how often: ours beside the list."""
    if ours is None or "list" not in {policy.name for policy in report.policies}:
        return None
    mine, theirs = report.policy(ours).load, report.policy("list").load
    return {
        "rows": [
            (translate(lang, name), round(100 * one), round(100 * other))
            for name, one, other in zip(words.LOADS, mine, theirs, strict=True)
        ],
        "ours": translate(lang, words.POLICIES[ours]),
        "theirs": translate(lang, words.POLICIES["list"]),
    }


def _rows(report: Report, lang: str) -> list[tuple[str, list[str]]]:
    """Every measure of every policy."""
    return [
        (
            translate(lang, name),
            [words.figure(measure, policy.measures[measure], lang) for policy in report.policies],
        )
        for measure, (name, _) in words.MEASURES.items()
    ]


def _calibration(report: Report, lang: str) -> list[tuple[str, str, str, str]]:
    return [
        (
            translate(lang, words.MEASURES[fact.measure][0]),
            words.amount(fact.measure, fact.target, lang),
            "–" if fact.found is None else words.amount(fact.measure, fact.found, lang),
            translate(lang, words.SOURCES.get(fact.measure, fact.source)),
        )
        for fact in report.calibration
    ]
