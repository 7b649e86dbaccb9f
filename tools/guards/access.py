"""Who sees and does what, and whose form it is."""

from typing import Final

from tools.guards.guard import Guard

REFUSALS: Final = "tests/app/api/test_refusals.py"
FORMS: Final = "tests/web/pages/test_every_form.py"
UNPERMITTED: Final = "tests/app/api/test_without_permission.py"
MATRIX: Final = "tests/app/matrix/test_every_cell.py"

GUARDS: Final = (
    Guard(
        "security 1", "a refused access leaves a row", "app/http.py",
        "if refusal.status in (403, 404):", "if refusal.status in ():",
        (f"{REFUSALS}::test_anothers_request_does_not_exist_and_asking_for_it_is_noted",),
    ),
    Guard(
        "security 1", "a hidden request is no row for others", "migrations/sql/0003_access.sql",
        "CREATE POLICY shown ON help_request FOR SELECT USING (is_public);",
        "CREATE POLICY shown ON help_request FOR SELECT USING (true);",
        ("tests/app/test_tenancy.py::test_rows_of_others_do_not_exist_for_a_transaction_without_reach",),
    ),
    Guard(
        "security 1", "what the role does not carry is not there", "app/access/policy.py",
        "    clauses = [model.in_reach_of(actor.reach(permission)), model.is_public_row()]\n",
        "    clauses = [model.municipality_id.is_not(None)]\n",
        (f"{UNPERMITTED}::test_staff_without_the_permission_read_what_they_would_read_of_nothing",),
    ),
    Guard(
        "security 5", "unknown names are refused", "app/schemas.py",
        'extra="forbid", frozen=True', 'extra="ignore", frozen=True',
        (f"{REFUSALS}::test_a_field_that_one_may_not_set_is_refused",
         f"{FORMS}::test_a_field_that_one_may_not_set_changes_nothing"),
    ),
    Guard(
        "security 5", "also on the screen with two schemas", "web/pages/desk_intake.py",
        "if form.values.keys() - PERSON_FIELDS - QUESTION_FIELDS - OWN_FIELDS:", "if False:",
        ("tests/web/desks/test_desk_intake.py::test_a_field_of_nobodys_is_refused",),
    ),
    Guard(
        "security 12", "a form needs its token", "web/security.py",
        "if form is None or not _token_fits(request, form):", "if form is None:",
        ("tests/web/test_security.py::test_without_a_token_nothing_happens",
         f"{FORMS}::test_no_form_does_anything_without_its_token"),
    ),
    Guard(
        "security 12", "a form comes from ourselves", "web/security.py",
        "if not _from_ourselves(request):", "if False:",
        ("tests/web/test_security.py::test_a_form_from_elsewhere_is_refused",
         "tests/web/pages/test_sign_in.py::test_signing_in_and_out_need_a_form_of_ours"),
    ),
    Guard(
        "security 12", "only JSON is read as JSON", "app/api/edge.py",
        "    if has_body and request", "    if has_body and False and request",
        (f"{REFUSALS}::test_json_that_is_called_something_else_is_refused",),
    ),
    Guard(
        "security 21", "a backslash is a slash to a browser", "web/rendering.py",
        ' or character == "\\\\" for character in value', " for character in value",
        ("tests/web/pages/test_sign_in.py::test_only_a_path_of_ours_is_followed",),
    ),
    Guard(
        "security 21", "only what begins with a slash", "web/rendering.py",
        'if not value or not value.startswith("/") or', "if not value or",
        ("tests/web/pages/test_sign_in.py::test_only_a_path_of_ours_is_followed",),
    ),
    Guard(
        "security 7", "a role carries its own permissions and no others", "app/access/actor.py",
        "*(g.municipalities for g in self.grants if permission in PERMISSIONS[g.role])",
        "*(g.municipalities for g in self.grants)",
        (f"{MATRIX}::test_whoever_may_not_is_refused_reads_nothing_and_changes_nothing",),
    ),
    Guard(
        "security 7", "an act asks whether one may, there", "app/access/policy.py",
        "    if municipality_id not in reach(actor, permission):\n        raise Forbidden(permission)",
        "    reach(actor, permission)",
        (f"{MATRIX}::test_whoever_may_not_is_refused_reads_nothing_and_changes_nothing",),
    ),
)  # fmt: skip
