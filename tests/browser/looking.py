"""Looking at a page that is open: nothing for axe, no sideways scroll, nothing too small for a thumb."""

from playwright.sync_api import Browser, Page, ViewportSize

from tests.targets import too_small

PHONE = ViewportSize(width=390, height=844)


def look(browser: Browser, page: Page, axe: str, *, viewport: ViewportSize = PHONE) -> None:
    """The very page that stands there, in a browser with JavaScript in which axe may run."""
    whole, here = page.content(), page.url.partition("#")[0]
    context = browser.new_context(viewport=viewport, bypass_csp=True)
    try:
        context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        seen = context.new_page()
        # the answer itself, also of a form: what was sent is not sent twice
        seen.route(lambda url: url == here, lambda asked: asked.fulfill(body=whole, content_type="text/html"))
        seen.goto(here)
        seen.wait_for_load_state("networkidle")
        seen.evaluate(axe)
        found = seen.evaluate("axe.run(document, {resultTypes: ['violations']})")
        faults = [(rule["id"], node["html"][:160]) for rule in found["violations"] for node in rule["nodes"]]
        assert faults == [], f"{page.url}: {faults}"
        assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        assert too_small(seen) == [], page.url
    finally:
        context.close()
