"""The desk's pages about Roosjes, cheques and budgets: one line in the menu, and a tab each on the page.

A part of the product adds its own `Tab` to `TABS`; a tab is shown to whoever may open its page.
"""

from dataclasses import dataclass
from typing import Final

from app.access.actor import Actor
from app.access.roles import Permission
from web.i18n import N_
from web.menu import Item


@dataclass(frozen=True, slots=True)
class Tab:
    """A page, and the permissions of which any one opens it."""

    item: Item
    opened_by: frozenset[Permission]


TABS: Final = (
    Tab(Item(N_("Pot"), "/bureau/roosjes"), frozenset({Permission.SEE_LEDGER})),
    Tab(Item(N_("Vragen"), "/bureau/roosjesvragen"), frozenset({Permission.CORRECT_LEDGER})),
    Tab(
        Item(N_("Cheques"), "/bureau/cheques"),
        frozenset({Permission.SELL_CHEQUES, Permission.ARRANGE_CHEQUES, Permission.SEE_LEDGER}),
    ),
    Tab(Item(N_("Welzijnsbudget"), "/bureau/welzijnsbudget"), frozenset({Permission.SEE_WELFARE})),
    Tab(Item(N_("Onkosten"), "/bureau/vergoedingen"), frozenset({Permission.SEE_PEOPLE})),
    Tab(Item(N_("Maand"), "/bureau/maand"), frozenset({Permission.SEE_LEDGER})),
    Tab(Item(N_("Buren"), "/bureau/buren"), frozenset({Permission.SEE_LEDGER, Permission.SET_TRUST})),
    Tab(Item(N_("Facturen"), "/bureau/facturen"), frozenset({Permission.SEE_LEDGER})),
    Tab(Item(N_("Zegels"), "/bureau/zegels"), frozenset({Permission.SEE_LEDGER})),
    Tab(Item(N_("Regels"), "/bureau/regels"), frozenset({Permission.SEE_LEDGER, Permission.SET_POLICY})),
)
LINE: Final = N_("Roosjes")


def tabs_for(actor: Actor) -> tuple[Item, ...]:
    """The tabs that this actor may open, in order."""
    return tuple(tab.item for tab in TABS if any(actor.at_desk(opening) for opening in tab.opened_by))


def menu_line(actor: Actor) -> tuple[Item, ...]:
    """The line in the menu of the desk: it leads to the first tab, and stands for them all."""
    tabs = tabs_for(actor)
    return (Item(LINE, tabs[0].path, also=tuple(tab.path for tab in tabs[1:])),) if tabs else ()
