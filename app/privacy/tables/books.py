"""The books: append-only, under numbers without a name (ADR 0009). Nothing in them is erased; they lead to nobody."""

from app.privacy.processings import INVOICES, ROOSJES, WELFARE
from app.privacy.register import Sort, table

for name in (
    "account",
    "allowance",
    "allowance_limit",
    "allowance_total",
    "batch",
    "clock",
    "decision",
    "departure",
    "elsewhere",
    "entry",
    "made_whole",
    "netting",
    "netting_answer",
    "open_hold",
    "pending",
    "period",
    "period_line",
    "policy",
    "seal",
    "sealed_head",
    "serial",
    "serial_end",
    "transfer",
    "trust",
):
    table(f"ledger.{name}", ROOSJES, whole=Sort.PROOF)
for name in ("welfare_line", "welfare_period"):
    table(f"ledger.{name}", WELFARE, whole=Sort.PROOF)
for name in ("invoice", "invoice_line", "invoice_step"):
    table(f"ledger.{name}", INVOICES, whole=Sort.PROOF)
