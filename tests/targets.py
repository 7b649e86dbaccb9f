"""What a thumb must hit: everything that can be pressed is 44 px high, but for a link in the middle of a sentence."""

from typing import Final

from playwright.sync_api import Page

LEAST_PX: Final = 44
TOO_SMALL: Final = """least => [
  ...document.querySelectorAll('a, button, summary, select, input, textarea')
].filter(one => {
  if (one.closest('.vh, .skip, .leaflet-control') || one.type === 'hidden') return false;
  const pressed = one.matches('input') && one.closest('label') || one;
  const box = pressed.getBoundingClientRect();
  if (!box.width || !one.checkVisibility()) return false;
  const sentence = one.closest('p, li, dd, td, th, h1, h2, h3, label, legend');
  const says = element => element.innerText.replace(/[^\\p{L}\\p{N}]/gu, '');
  if (getComputedStyle(one).display === 'inline' && sentence && says(sentence) !== says(one)) return false;
  return box.height < least - 0.5;
}).map(one => `${Math.round(one.getBoundingClientRect().height)} px: ${one.outerHTML.slice(0, 110)}`)"""


def too_small(page: Page) -> list[str]:
    """What on the page is lower than a thumb needs, with its height."""
    found: list[str] = page.evaluate(TOO_SMALL, LEAST_PX)
    return found
