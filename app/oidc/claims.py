"""From claims to what we want to know: an address that is vouched for, a first name, and roles."""

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.access.roles import REGIONAL, STAFF_ROLES, Role
from app.oidc.models import OidcProvider
from app.text import Email, FirstName

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
_FIRST_NAME: TypeAdapter[str] = TypeAdapter(FirstName)
BY_CLAIM = STAFF_ROLES - REGIONAL
"""What a municipality's provider may give: the region's own role is no municipality's to give."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody, as their provider vouches for them."""

    subject: str
    email: str | None
    """None unless the provider vouches for it."""
    first_name: str
    roles: frozenset[Role]
    second: bool = False
    """Whether they showed the provider a second proof, a short while ago."""


def arrived(provider: OidcProvider, claims: dict[str, Any], *, second: bool) -> Arrived:
    """What the claims of a checked token, and of what came beside it, say."""
    email, name = _email(provider, claims), _first_name(claims)
    return Arrived(claims["sub"], email, name, roles_of(provider, claims), second)


def roles_of(provider: OidcProvider, claims: dict[str, Any]) -> frozenset[Role]:
    """The roles of the values that the provider's map knows; any other value gives nothing."""
    if not provider.role_claim:
        return frozenset()
    found: Any = claims.get(provider.role_claim)
    if found is None:
        found = claims
        for step in provider.role_claim.split("."):
            found = found.get(step) if isinstance(found, dict) else None
    values = found if isinstance(found, list) else [found]
    given = {
        provider.role_map[value] for value in values if isinstance(value, str) and value in provider.role_map
    }
    return frozenset(role for role in BY_CLAIM if role.value in given)


def _email(provider: OidcProvider, claims: dict[str, Any]) -> str | None:
    try:
        email = _EMAIL.validate_python(claims.get("email"))
    except ValidationError:
        return None
    own = email.rpartition("@")[2].lower() in provider.email_domains
    return email if claims.get("email_verified") is True or own else None


def _first_name(claims: dict[str, Any]) -> str:
    """A first name that may stand on a page; empty where there is none."""
    for name in ("given_name", "nickname", "name"):
        try:
            return _FIRST_NAME.validate_python(str(claims.get(name) or "").partition(" ")[0])
        except ValidationError:
            continue
    return ""
