"""What shows afterwards that the books and the audit are as they were written."""

from pathlib import Path

from app.audit import chain, outside
from app.jobs.work import Work
from app.notifications import mail
from app.treasury import check, sealing
from rewards import seals


def seal(work: Work) -> None:
    """Seal the books, test them, and keep both outside; fails when they are not right, or the file cannot be kept."""
    with work.transaction() as (session, _):
        made = seals.seal(session.connection())
    with work.transaction() as (session, _):
        faults = check.faults(session)
        held = seals.seals(session.connection())
    not_kept = None
    if work.settings.seal_file:
        try:
            faults += sealing.keep_up(held, Path(work.settings.seal_file))
        except sealing.NotKept as refusal:
            not_kept = refusal  # the mail goes first: it is the other copy
    if work.settings.seal_to:
        mail.send(work.settings, sealing.message(work.settings, made, faults, str(not_kept or "")))
    if faults:
        raise check.NotRight([*faults[:19], *([str(not_kept)] if not_kept else faults[19:])])
    if not_kept:
        raise not_kept


def chain_audit(work: Work) -> None:
    """Link what was written in the audit, and keep it outside; fails when that cannot be, so that it is seen."""
    made = chain.AT_ONCE
    while made == chain.AT_ONCE:
        with work.transaction() as (session, _):
            made = chain.link(session)
    if not work.settings.audit_sink:
        return
    after = outside.last_kept(work.settings)
    while new := _lines(work, after):
        outside.keep(work.settings, new)
        after = new[-1].number


def _lines(work: Work, after: int) -> list[outside.Line]:
    with work.transaction() as (session, _):
        return chain.lines(session, after)


def check_audit(work: Work) -> None:
    """Test the chain and its copy each night; fails when a row is not as it was written."""
    with work.transaction() as (session, _):
        found = chain.faults(session) + chain.differs(session, work.settings)
    if found:
        raise chain.Tampered("; ".join(map(str, found[:20])))
