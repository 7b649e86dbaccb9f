"""What happens in a life, in words."""

from typing import Final

from app.life.models import LifeKind
from web.i18n import N_

KINDS: Final = {
    LifeKind.DIED: N_("overleden"),
    LifeKind.HOSPITAL: N_("in het ziekenhuis"),
    LifeKind.MOVED: N_("verhuisd"),
}
