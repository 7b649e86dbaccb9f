"""What a page must be for everybody, asked of the page as it stands in a browser: each fault in words."""

from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page

from tests.app.matrix.asking import Asking
from tests.targets import LEAST_PX, TOO_SMALL

SMALL, ZOOMED, PHONE, TABLET, WIDE = 320, 195, 390, 1024, 1280
"""In ``ZOOMED`` stand as many letters on a line as 390 px has at 200 %."""

STRUCTURE: Final = """() => {
  const faults = [];
  const one = (what, count) => { if (count !== 1) faults.push(`${count} times ${what}`); };
  one('h1', document.querySelectorAll('h1').length);
  one('main', document.querySelectorAll('main').length);
  one('header', document.querySelectorAll('body > header').length);
  one('footer', document.querySelectorAll('body > footer').length);
  if (!document.querySelector('nav')) faults.push('no nav');
  const first = document.querySelector('a[href], button, input, select, textarea, summary');
  if (!first.matches('a.skip[href="#inhoud"]')) faults.push(`first is ${first.outerHTML.slice(0, 80)}`);
  if (!document.querySelector('a[href^="tel:"]')) faults.push('no telephone number');
  if (!document.title.includes('ZorgvoorElkaar')) faults.push(`title: ${document.title}`);
  const ids = [...document.querySelectorAll('[id]')].map(each => each.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length) faults.push(`twice the same id: ${twice}`);
  return faults;
}"""

LETTERS: Final = """desk => {
  const faults = [];
  for (const one of document.querySelectorAll('main *, footer *, header *')) {
    if (one.closest('svg, .vh, option, .pp') || !one.checkVisibility()) continue;
    if (![...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
    const size = parseFloat(getComputedStyle(one).fontSize);
    const body = one.closest('main') && one.matches('p, li, dd, label, input, textarea, select')
      && !one.closest('small, .tag, .kbd, .cnt, figure, table, .btn');
    const least = !desk && body ? 18 : 16;
    if (size < least - 0.01) faults.push(`${size} px: ${one.outerHTML.slice(0, 100)}`);
  }
  return faults;
}"""

CROWDED: Final = """() => {
  const seen = [...document.querySelectorAll('.btn, main input, main select, main textarea')]
    .filter(one => one.type !== 'hidden' && one.checkVisibility() && !one.closest('.vh'))
    .map(one => one.matches('input[type=radio], input[type=checkbox]') && one.closest('label') || one);
  const boxes = [...new Set(seen)].map(one => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width);
  const faults = [];
  for (let a = 0; a < boxes.length; a++) for (let b = a + 1; b < boxes.length; b++) {
    const [one, p] = boxes[a], [other, q] = boxes[b];
    if (one.contains(other) || other.contains(one)) continue;
    const across = Math.max(p.left, q.left) - Math.min(p.right, q.right);
    const down = Math.max(p.top, q.top) - Math.min(p.bottom, q.bottom);
    const apart = Math.max(across, down);
    if (apart < 7.5)
      faults.push(`${Math.round(apart)} px between ${one.outerHTML.slice(0, 70)} and ${other.outerHTML.slice(0, 70)}`);
  }
  return faults;
}"""
"""Buttons and fields closer than 8 px; links in lists are rows of 44 px, which WCAG 2.5.8 lets touch."""

ORDER: Final = """() => {
  const own = one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const read = [...document.querySelectorAll('main *')].filter(one => one.checkVisibility() &&
    !one.closest('.vh, svg, table, [aria-hidden=true]') && (own(one) || one.matches('input, select, textarea')) &&
    one.getBoundingClientRect().height > 1);
  const faults = [];
  let before = null;
  for (const one of read) {
    const box = one.getBoundingClientRect();
    // beside one another, columns are read one by one
    const below = before && box.left < before.box.right && box.right > before.box.left;
    if (below && box.bottom <= before.box.top)
      faults.push(`read late: ${one.outerHTML.slice(0, 80)} after ${before.one.outerHTML.slice(0, 80)}`);
    before = { one, box };
  }
  return faults.slice(0, 3);
}"""
"""On a phone one reads from top to bottom: whoever listens hears it in the order in which it is seen."""

WIDER: Final = """() => {
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over <= 0) return [];
  const out = [...document.querySelectorAll('body *')].filter(one => one.checkVisibility() &&
    !one.closest('.vh, svg *') && one.getBoundingClientRect().right > innerWidth + 0.5).slice(-3);
  return [`scrolls ${over} px sideways: ${out.map(one => one.outerHTML.slice(0, 90))}`];
}"""

AXE: Final = """rules => axe.run(document, {resultTypes: ['violations'],
  ...(rules.length ? {runOnly: {type: 'rule', values: rules}} : {})})
  .then(found => found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id}: ${node.html.slice(0, 140)}: ${(node.failureSummary || '').slice(0, 160)}`)))"""


class Eyes:
    """A browser in which one looks as anybody of the village."""

    def __init__(self, browser: Browser, asking: Asking, address: str, axe: str, **context: Any) -> None:
        self.asking, self.address, self.axe = asking, address, axe
        # nothing moves: what changes its colour has none of its two while it does
        wanted: dict[str, Any] = {"bypass_csp": True, "reduced_motion": "reduce"} | context
        self.context: BrowserContext = browser.new_context(base_url=address, **wanted)
        self.page: Page = self.context.new_page()
        self.said: list[str] = []
        self.asked: set[str] = set()
        self.page.on("console", lambda line: self.said.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.add("/".join(request.url.split("/")[:3])))
        self.who = ""

    def become(self, who: str, **cookies: str) -> None:
        """This person's own cookies, and no others."""
        if who == self.who and not cookies:
            return
        name, _, value = self.asking.village.headers[who]["cookie"].partition("=")
        self.context.clear_cookies()
        secure = self.address.replace("http:", "https:")
        self.context.add_cookies([
            {"name": each, "value": given, "url": secure, "secure": True}
            for each, given in ({name: value} | cookies).items()
        ])  # fmt: skip
        self.who = who

    def open(self, who: str, path: str) -> int:
        """The page in the window; its status."""
        self.become(who)
        self.said.clear()
        answer = self.page.goto(path)
        self.page.wait_for_load_state("load")
        return answer.status if answer else 0

    def show(self, path: str, html: str) -> None:
        """An answer that was given before, at the address that gave it."""
        self.said.clear()
        address = self.address + path
        self.page.route(address, lambda asked: asked.fulfill(body=html, content_type="text/html"))
        self.page.goto(path)
        self.page.wait_for_load_state("load")
        self.page.unroute(address)

    def faults(self, *, desk: bool, thorough: bool = True) -> list[str]:
        """All that is wrong with the page that stands there."""
        page, found = self.page, list[str]()
        found += page.evaluate(STRUCTURE)
        page.set_viewport_size({"width": PHONE, "height": 844})
        found += page.evaluate(LETTERS, desk)
        found += [f"low: {each}" for each in page.evaluate(TOO_SMALL, LEAST_PX)]
        found += page.evaluate(CROWDED)
        found += page.evaluate(ORDER)
        if thorough:
            page.evaluate(self.axe)
            found += page.evaluate(AXE, [])
            page.emulate_media(color_scheme="dark")
            found += [f"dark: {each}" for each in page.evaluate(AXE, ["color-contrast"])]
            page.emulate_media(color_scheme="light")
        for width in (SMALL, ZOOMED, TABLET, WIDE):
            page.set_viewport_size({"width": width, "height": 844})
            found += [f"{width}: {each}" for each in page.evaluate(WIDER)]
        # what the page itself may ask of others, it asks while it loads
        found += [f"asked {host}" for host in self.asked - {self.address}]
        found += [f"console: {line}" for line in self.said]
        return found
