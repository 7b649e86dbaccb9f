"""Every table, imported so that the mapper and the migrations know them all."""

from app.access import models as access, proof_models as proof
from app.activities import models as activities
from app.agreements import models as agreements
from app.audit import models as audit
from app.casework import models as casework
from app.categories import models as categories
from app.checks import models as checks
from app.cheques import models as cheques
from app.conversations import models as conversations
from app.costs import models as costs
from app.couplings import models as couplings
from app.distribution import models as distribution
from app.factlab import models as factlab
from app.help_offers import models as help_offers
from app.help_requests import draft, models as help_requests
from app.households import models as households
from app.ideas import models as ideas
from app.imports import models as imports
from app.life import models as life
from app.looks import models as looks
from app.matches import models as matches
from app.moderation import models as moderation
from app.notifications import models as notifications
from app.oidc import models as oidc
from app.organisations import models as organisations
from app.outreach import models as outreach
from app.panel import models as panel
from app.partners import models as partners
from app.people import models as people
from app.phoning import models as phoning
from app.places import models as places
from app.pots import models as pots
from app.privacy import models as privacy
from app.push import models as push
from app.referrals import models as referrals
from app.reports import models as reports
from app.representations import models as representations
from app.rings import models as rings
from app.roosjes import models as roosjes
from app.safety import file_models as safety_files, models as safety
from app.satisfaction import models as satisfaction
from app.settings import models as settings
from app.signposts import models as signposts
from app.social_map import models as social_map
from app.states import StateEvent
from app.stories import models as stories
from app.webhooks import models as webhooks
from app.welfare import models as welfare

__all__ = [
    "StateEvent", "access", "activities", "agreements", "audit", "casework", "categories", "checks",
    "cheques", "conversations", "costs", "couplings", "distribution", "draft", "factlab", "help_offers",
    "help_requests", "households", "ideas", "imports", "life", "looks", "matches", "moderation",
    "notifications", "oidc", "organisations", "outreach", "panel", "partners", "people", "phoning",
    "places", "pots", "privacy", "proof", "push", "referrals", "reports", "representations", "rings",
    "roosjes", "safety", "safety_files", "satisfaction", "settings", "signposts", "social_map", "stories",
    "webhooks", "welfare",
]  # fmt: skip
