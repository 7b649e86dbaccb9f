"""An explicit yes before a sensitive request opens, and a parent's before a child's does.

Revises: 0028
"""

from migrations.helpers import narrow_while_acting, run_script, widen_while_acting

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KIND = "(SELECT (acting_under()).kind)"
OF_A_CHILD = f"purpose = 'jong-helpen' AND {KIND} = 'wettelijk vertegenwoordiger'"
FOR_ANOTHER = (
    f"(purpose IN ('jong-helpen', 'jong-vragen') AND {KIND} = 'wettelijk vertegenwoordiger')"
    f" OR (purpose = 'gevoelig' AND {KIND} IN ('wettelijk vertegenwoordiger', 'gemachtigde'))"
)
"""What a parent says for their child, and whoever decides for somebody about a sensitive request of theirs."""


def upgrade() -> None:
    run_script("0029_yes.sql")
    widen_while_acting("consent")
    narrow_while_acting("consent", sees=FOR_ANOTHER, writes=FOR_ANOTHER)


def downgrade() -> None:
    widen_while_acting("consent")
    narrow_while_acting("consent", sees=OF_A_CHILD, writes=OF_A_CHILD)
    run_script("0029_down.sql")
