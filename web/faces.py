"""Which pages are the public face, and what they tell machines: their own address, and who it is that speaks."""

from typing import TYPE_CHECKING, Any, Final

from starlette.requests import HTTPConnection

if TYPE_CHECKING:
    from web.rendering import Site

PUBLIC: Final = (
    "home", "info.how", "public.volunteers", "public.organisations", "public.figures", "stories.all", "plans.all",
    "activities.all", "social_map.all", "signposts.themes", "info.privacy", "info.accessibility", "info.contact",
    "info.status", "stories.show", "plans.show",
)  # fmt: skip
"""Names of the routes that a search engine may show. Nothing of what neighbours ask and offer is among them."""
SITE_FIELD: Final = "van"
"""In an address: whose site it is, so that a municipality can link to its own."""
SCHEMA: Final = "https:" + "//schema.org"
"""The vocabulary's name; nobody asks it."""


def municipality_of(request: HTTPConnection, municipality_id: int | None) -> str:
    """What comes behind a public path for a municipality that is not the first of the region."""
    first = getattr(request.app.state, "site", None)
    default = getattr(first, "municipality_id", None)
    named = request.path_params.get("id")
    return "" if named or municipality_id in (None, default) else f"?{SITE_FIELD}={municipality_id}"


def linked(name: str, base: str, address: str, site: "Site") -> dict[str, Any]:
    """The page as schema.org tells it: the service, whose it is, and how to call it."""
    organisation: dict[str, Any] = {
        "@type": "Organization", "name": f"ZorgvoorElkaar {site.municipality_name}".strip(), "url": base + "/",
    }  # fmt: skip
    if site.phone_href:
        organisation["contactPoint"] = {
            "@type": "ContactPoint",
            "telephone": site.phone_href.removeprefix("tel:"),
            "contactType": "customer service",
            "availableLanguage": ["nl", "en"],
        }
    if name == "home":
        return {
            "@context": SCHEMA, "@type": "GovernmentService", "name": "ZorgvoorElkaar", "url": address,
            "serviceType": "Burenhulp", "provider": organisation, "isAccessibleForFree": True,
            "areaServed": {"@type": "AdministrativeArea", "name": site.municipality_name},
        }  # fmt: skip
    return {"@context": SCHEMA, "@type": "WebPage", "url": address, "publisher": organisation}
