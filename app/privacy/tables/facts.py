"""Public facts, and the machine."""

from app.privacy.processings import ACCESS, FACTS, MACHINE
from app.privacy.register import Sort, table

for name in (
    "region",
    "category",
    "municipality",
    "neighbourhood",
    "neighbourhood_span",
    "border",
    "sharing",
    "organisation",
    "provision",
    "cheque_desk",
    "cheque_provider",
    "report_release",
    "region_release",
):
    table(name, FACTS, whole=Sort.FACT)
for name in ("match_change", "data_table", "data_column", "audit_waiting", "alembic_version"):
    table(name, MACHINE, whole=Sort.STATE)
table("attempt", ACCESS, whole=Sort.SAFETY)
