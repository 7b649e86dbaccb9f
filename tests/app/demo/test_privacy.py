"""What the personas find on the pages of their own data."""

from sqlalchemy.orm import Session

from app.audit import service as audit
from app.audit.service import Search
from app.audit.write import Act
from app.privacy import consents
from app.privacy.models import Purpose
from app.safety import house_rules
from app.signposts import service as signposts
from tests.app.demo.conftest import Region
from tests.app.demo.test_personas import as_persona


def test_ria_reads_who_looked_at_her_address_and_why(looking: Session) -> None:
    looks = audit.mine(looking, as_persona(looking, "bewoner"))
    (address,) = (look for look in looks if look.act is Act.ADDRESS)
    assert address.by == "Marja"
    assert "Ria belde" in address.reason


def test_the_privacy_officer_finds_what_the_desks_read(looking: Session) -> None:
    found = audit.search(looking, as_persona(looking, "privacy"), Search())
    assert {Act.ADDRESS, Act.REPORT, Act.SAFETY_FILE, Act.CONSENT} <= {look.act for look in found}


def test_personas_said_yes_and_one_said_no_and_yes_again(looking: Session) -> None:
    ria = consents.standings(looking, as_persona(looking, "bewoner"))
    assert [one.live is not None for one in ria] == [True, False, True, False]
    youssef = as_persona(looking, "vrijwilliger")
    tips = [one for one in consents.history(looking, youssef) if one.purpose is Purpose.TIPS]
    assert [one.withdrawn_at is None for one in tips] == [True, False]
    assert not any(one.refused for one in consents.standings(looking, youssef))


def test_ria_finds_what_she_kept_of_help_mij_kiezen(looking: Session) -> None:
    kept = signposts.mine(looking, as_persona(looking, "bewoner"))

    assert [row.codes[0] for row in kept] == ["o", "i"]
    assert [row.codes for row in signposts.mine(looking, as_persona(looking, "vrijwilliger"))] == [
        ["e", "e1b", "e3b"]
    ]


def test_whoever_signs_in_accepted_the_house_rules_on_the_first_day(region: Region, looking: Session) -> None:
    assert house_rules.question(looking, as_persona(looking, "bewoner")) is None
    apart = (
        "SELECT count(*) FROM contact c JOIN person p ON p.id = c.person_id"
        " LEFT JOIN rules_acceptance a ON a.person_id = c.person_id AND a.at = p.registered_at"
        " WHERE (c.email IS NULL) <> (a.id IS NULL)"
    )
    assert region.one(apart) == 0
