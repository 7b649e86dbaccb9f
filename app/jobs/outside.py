"""What is asked of others over the network, outside any transaction."""

from uuid import UUID

from sqlalchemy import select, update

from app.checks import lookups as kvk_lookups
from app.checks.kvk import KeyRefused, KvkError
from app.jobs.work import Work
from app.people.models import Contact, Membership, MembershipKind
from app.places import geocoding, postcodes
from app.places.models import Neighbourhood
from app.push import sending as pushing
from app.secrets import installation_secret
from app.webhooks import sending as webhooks


def locate(work: Work, person_id: str) -> None:
    """Find the point of somebody's address; without an answer the postcode's own point keeps serving."""
    with work.transaction() as (session, _):
        # unscoped: the worker's reach is every municipality
        query = (
            select(Contact.postcode, Contact.house_number, Membership.municipality_id, Neighbourhood)
            .join(Membership, Membership.person_id == Contact.person_id)
            .join(Neighbourhood, Neighbourhood.pc4 == Membership.pc4)
            .where(Contact.person_id == UUID(person_id), Membership.kind == MembershipKind.LIVES)
        )
        row = session.execute(query).first()
    if row is None:
        return
    postcode, house_number, municipality_id, neighbourhood = row
    point = neighbourhood.latitude, neighbourhood.longitude
    found = geocoding.locate(work.geocoder, postcodes.parse(postcode), house_number, municipality_id, point)
    certain = found.source == "pdok"
    with work.transaction() as (session, _):
        # unscoped: the worker's reach is every municipality; not when the address changed meanwhile
        same = update(Contact).where(
            Contact.person_id == UUID(person_id),
            Contact.postcode == postcode,
            Contact.house_number == house_number,
        )
        session.execute(
            same.values(
                latitude=found.lat if certain else None,
                longitude=found.lon if certain else None,
                address_doubtful=found.flagged,
            )
        )


def look_up_company(work: Work, lookup_id: str) -> None:
    """Ask the register of companies, outside any transaction; what it cannot say now is asked again later."""
    key = UUID(lookup_id)
    with work.transaction() as (session, _):
        number = kvk_lookups.number_to_ask(session, key)
    if number is None:
        return
    failure: KvkError | None = None
    try:
        found = kvk_lookups.look_up(work.kvk, number)
    except KvkError as error:
        failure, found = error, kvk_lookups.outcome_of(error)
    with work.transaction() as (session, _):
        kvk_lookups.answer(session, key, found)
    if failure is not None and not isinstance(failure, KeyRefused):
        raise failure


def push(work: Work, device_id: str, person_id: str) -> None:
    """Have one browser show that there is something, through its push service. A second time shows nothing more."""
    key = UUID(person_id), UUID(device_id)
    with work.transaction() as (session, _):
        what = pushing.prepare(session, work.settings, *key)
    if what is None:
        return
    status = pushing.post(work.settings, what)
    with work.transaction() as (session, _):
        pushing.answered(session, *key, status)
    if pushing.is_busy(status):
        raise pushing.Busy(f"status {status}")


def send_webhook(work: Work, message_id: str) -> None:
    """Tell a municipality's own system that something happened. A worker that was killed meanwhile tells it again,
    under the same webhook-id."""
    key = UUID(message_id)
    secret = installation_secret(work.settings)
    with work.transaction() as (session, actor):
        ready = webhooks.prepare(session, actor, work.settings, secret, key)
    if ready is None:
        return
    outcome = webhooks.post(ready)
    with work.transaction() as (session, actor):
        webhooks.answered(session, actor, key, outcome)
