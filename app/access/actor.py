"""The actor: a person with grants, as one request or one command sees them."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from app.access.roles import PERMISSIONS, PROVEN_ROLES, STAFF_ROLES, Permission, Role, TokenScope
from app.db import Scope
from app.errors import NotSignedIn


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in some municipalities; a region's grant holds them all when it is loaded."""

    role: Role
    municipalities: frozenset[int]
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """Who acts for the person, and under which consent."""

    representation: UUID
    person: UUID
    first_name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. A visitor has no person and no grants."""

    person: UUID | None = None
    pseudonym: UUID | None = None
    first_name: str = ""
    home: int | None = None
    """Municipality where the person lives, which is also where their Roosjes are kept."""
    grants: tuple[Grant, ...] = ()
    session_hash: bytes | None = field(default=None, repr=False)
    desk: int | None = None
    """The municipality at whose desk somebody of the staff sits, of those in reach."""
    desk_named: bool = False
    """The address says whose desk: what cannot be done there is not shown for another municipality instead."""
    waiting: bool = False
    """Has a role at a desk that waits until a second proof was shown; until then it is nobody's."""
    recent: bool = False
    """Showed who they are a few minutes ago, in whatever way."""
    fresh: bool = False
    """The same, for somebody of a desk with a second proof."""
    token: TokenScope | None = None
    """What the token allows with which a program acts; None in a browser."""
    ends_in_s: int = field(default=0, compare=False)
    """How long this session lasts if nothing more is asked."""
    behind: Behind | None = None
    """Whoever acts in this person's name; what they may do is said in `app.representations.powers`."""

    @property
    def signed_in(self) -> bool:
        """Whether there is a person behind this actor."""
        return self.person is not None

    @property
    def person_id(self) -> UUID:
        """The person; raises NotSignedIn for a visitor."""
        if self.person is None:
            raise NotSignedIn
        return self.person

    @property
    def hand(self) -> UUID:
        """Who really acts; raises NotSignedIn for a visitor."""
        return self.behind.person if self.behind else self.person_id

    def reach(self, permission: Permission) -> frozenset[int]:
        """Municipalities in which the actor's roles carry this permission."""
        return frozenset().union(
            *(g.municipalities for g in self.grants if permission in PERMISSIONS[g.role])
        )

    def at_desk(self, permission: Permission) -> frozenset[int]:
        """The same for the desk at which the actor sits; all of them where no desk was chosen."""
        reach = self.reach(permission)
        return reach if self.desk is None else reach & {self.desk}

    def has(self, role: Role) -> bool:
        """Whether the actor holds this role anywhere."""
        return any(grant.role is role for grant in self.grants)

    @property
    def is_staff(self) -> bool:
        """Whether any role of the actor belongs to the desk."""
        return any(grant.role in STAFF_ROLES for grant in self.grants)

    @property
    def proves_twice(self) -> bool:
        """Whether any role of the actor is there only after a second proof."""
        return any(grant.role in PROVEN_ROLES for grant in self.grants)

    @property
    def scope(self) -> Scope:
        """What row-level security is told."""
        staff = [grant.municipalities for grant in self.grants if grant.role in STAFF_ROLES]
        organisations = [grant.organisation_id for grant in self.grants if grant.organisation_id]
        scope = Scope(self.person, self.pseudonym, frozenset().union(*staff), frozenset(organisations))
        if self.behind is None:
            return scope
        return replace(scope, representation=self.behind.representation, hand=self.behind.person)


VISITOR = Actor()


def system(municipalities: frozenset[int]) -> Actor:
    """The worker and the commands of the program: every municipality, no person."""
    return Actor(first_name="", grants=(Grant(Role.BROKER, municipalities),))
