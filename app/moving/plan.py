"""What goes along with a municipality, table by table. A table that is named nowhere here and has no municipality of
its own fails a test."""

from typing import Final

OURS: Final = "municipality_id IN (SELECT id FROM moving_municipality)"
OF_OURS: Final = "person_id IN (SELECT id FROM moving_person)"
ACCOUNTS: Final = "(SELECT id FROM moving_ledger_account)"
TRANSFERS: Final = "(SELECT id FROM moving_ledger_transfer)"

WHICH: Final[dict[str, str]] = {
    "public.municipality": "id IN (SELECT id FROM moving_municipality)",
    "public.person": "id IN (SELECT id FROM moving_person)",
    "public.contact": OF_OURS,
    "public.giving_code": OF_OURS,
    # somebody's own, and only of who moves: a neighbour who helped here keeps theirs where they live
    "public.membership": f"{OURS} AND {OF_OURS}",
    "public.notice": f"{OURS} AND {OF_OURS}",
    "public.notice_wish": f"{OURS} AND {OF_OURS}",
    "public.dispatch": f"{OURS} AND {OF_OURS}",
    "public.kept_choices": f"{OURS} AND {OF_OURS}",
    "public.desk_choice": f"{OURS} AND {OF_OURS}",
    "public.rules_acceptance": f"{OURS} AND {OF_OURS}",
    "public.consent": f"{OURS} AND {OF_OURS}",
    # a role that a provider gave comes again with the provider, and one over a region is given by each region itself
    "public.role_grant": f"provider_id IS NULL AND role <> 'region_administrator' AND {OF_OURS} AND {OURS} AND"  # noqa: S608
    f" (organisation_id IS NULL OR organisation_id IN (SELECT id FROM moving_public_organisation WHERE {OURS}))",
    "public.ring": "municipality_ids <@ ARRAY(SELECT id FROM moving_municipality)",
    "public.audit_reason": "entry_id IN (SELECT id FROM moving_public_audit_entry)",
    "ledger.account": OURS,
    "ledger.transfer": f"debit_id IN {ACCOUNTS}",
    "ledger.batch": "id IN (SELECT batch_id FROM moving_ledger_transfer)",
    "ledger.entry": f"account_id IN {ACCOUNTS}",
    "ledger.open_hold": f"debit_id IN {ACCOUNTS}",
    "ledger.pending": f"payee_id IN {ACCOUNTS} AND coalesce(payer_id, payee_id) IN {ACCOUNTS}",
    "ledger.decision": "pending_id IN (SELECT id FROM moving_ledger_pending)",
    "ledger.departure": f"account_id IN {ACCOUNTS}",
    "ledger.made_whole": f"transfer_id IN {TRANSFERS}",
    "ledger.trust": OURS,
    "ledger.policy": OURS,
    "ledger.period": OURS,
    "ledger.period_line": OURS,
    "ledger.netting": "taker_id IN (SELECT id FROM moving_municipality)"
    " AND giver_id IN (SELECT id FROM moving_municipality)",
    "ledger.netting_answer": "netting_id IN (SELECT id FROM moving_ledger_netting)",
    "ledger.invoice": "payer_id IN (SELECT id FROM moving_municipality)"
    " OR payee_id IN (SELECT id FROM moving_municipality)",
    "ledger.invoice_line": "invoice_id IN (SELECT id FROM moving_ledger_invoice)",
    "ledger.invoice_step": "invoice_id IN (SELECT id FROM moving_ledger_invoice)",
    "ledger.serial": f"suspense_id IN {ACCOUNTS}",
    "ledger.serial_end": "serial_id IN (SELECT id FROM moving_ledger_serial)",
    "ledger.welfare_period": f"account_id IN {ACCOUNTS}",
    "ledger.welfare_line": "period_id IN (SELECT id FROM moving_ledger_welfare_period)",
    # the limit of somebody's allowances is one, wherever they came from
    "ledger.allowance": f"{OURS} OR person IN (SELECT pseudonym FROM moving_person)",  # noqa: S608
    "ledger.allowance_total": "person IN (SELECT person FROM moving_ledger_allowance)",
}
"""Which rows go along, where that is not those with its municipality; later ones may ask for what is packed before."""

_WAY_IN: Final = "a way in: people sign in anew by mail, and who works at a desk sets up a key or an app"
_KEYED: Final = "hangs on the secret of the installation: to be set up anew"
_PASSING: Final = "passes, or is made anew"
_INSTALLATION: Final = "of the installation"
_BETWEEN: Final = "between this installation's own municipalities"

LEFT: Final[dict[str, str]] = {
    "public.alembic_version": _INSTALLATION,
    "public.api_token": _WAY_IN,
    "public.ask_draft": _PASSING,
    "public.attempt": _PASSING,
    "public.audit_link": "the chain of this audit; over there they are linked anew",
    "public.audit_waiting": "written anew",
    "public.authenticator": _WAY_IN,
    "public.border": _INSTALLATION,
    "public.category": _INSTALLATION,
    "public.data_column": _INSTALLATION,
    "public.data_export": _PASSING,
    "public.data_table": _INSTALLATION,
    "public.desk_presence": _PASSING,
    "public.distribution": _PASSING,
    "public.distribution_line": _PASSING,
    "public.idempotency_key": _PASSING,
    "public.letter_code": _WAY_IN,
    "public.match_change": _PASSING,
    "public.mileage_rate": _INSTALLATION,
    "public.neighbourhood": _INSTALLATION,
    "public.neighbourhood_span": _INSTALLATION,
    "public.oidc_arrival": _WAY_IN,
    "public.oidc_attempt": _WAY_IN,
    "public.oidc_identity": _WAY_IN,
    "public.oidc_invitation": _WAY_IN,
    "public.oidc_provider": _KEYED,
    "public.organisation_invitation": _KEYED,
    "public.pace": _PASSING,
    "public.passkey": _WAY_IN,
    "public.procrastinate_events": _PASSING,
    "public.procrastinate_jobs": _PASSING,
    "public.procrastinate_periodic_defers": _PASSING,
    "public.procrastinate_workers": _PASSING,
    "public.push_device": _KEYED,
    "public.refused_access": _PASSING,
    "public.region": _INSTALLATION,
    "public.region_release": _INSTALLATION,
    "public.sharing": _BETWEEN,
    "public.sign_in_event": _WAY_IN,
    "public.sign_in_link": _WAY_IN,
    "public.spent_proof": _WAY_IN,
    "public.staff_invitation": _KEYED,
    "public.web_session": _WAY_IN,
    "public.webhook": _KEYED,
    "public.webhook_message": _KEYED,
    "ledger.allowance_limit": _INSTALLATION,
    "ledger.clock": _INSTALLATION,
    "ledger.elsewhere": "made anew",
    "ledger.seal": "a seal is of all books here together; over there the next one takes these in",
    "ledger.sealed_head": "a seal is of all books here together; over there the next one takes these in",
}
"""What stays behind, and why."""

SHARED: Final = frozenset({"public.organisation", "ledger.batch", "ledger.transfer"})
"""Rows that may be there already, alike: what two municipalities that move one after the other have in common."""

OF_OTHERS: Final[dict[str, str]] = {
    "public.person": "true",  # strangers
    "public.organisation": "true",  # those that are named
    "ledger.batch": "true",  # of invoices
    "ledger.account": f"{OURS} OR status = 'closed' AND id IN (SELECT account_id FROM moving_ledger_elsewhere)",  # noqa: S608
}
"""What else may come along beside ``WHICH``: the far side of what crosses the border."""

BY_CHANGE: Final = "log"
"""The triggers that tell the match index, by their name: these run for what comes in. All others would do again
what was done already when these rows were first written, or refuse what was allowed then."""
