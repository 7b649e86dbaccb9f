"""How a point of the panel stands, in words and with the colour of its tag."""

from typing import Final

from app.panel.models import PointStatus
from web.i18n import N_

STATES: Final = {
    PointStatus.OPEN: (N_("nog niemand"), "w"),
    PointStatus.TAKEN_UP: (N_("opgepakt"), ""),
    PointStatus.DONE: (N_("gedaan"), "g"),
    PointStatus.DECLINED: (N_("gaat niet door"), ""),
}
