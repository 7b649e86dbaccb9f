"""The ledger's papers and its invoices."""

from typing import Final

from tools.guards.guard import Guard

LEDGER: Final = "rewards/sql"
LOST: Final = "tests/rewards/test_lost_papers.py"
ACCOUNTS: Final = "tests/app/attacks/test_two_accounts.py"
VOUCHERS: Final = "tests/rewards/test_vouchers.py"
INVOICES_SQL: Final = "rewards/sql/34_invoices.sql"
INVOICES: Final = "tests/rewards/test_invoices.py"

GUARDS: Final = (
    Guard(
        "paper 1", "a cheque counts in its own municipality", f"{LEDGER}/21_vouchers.sql",
        "IF (ledger.existing(paper.suspense_id)).municipality_id <> provider.municipality_id THEN", "IF false THEN",
        (f"{VOUCHERS}::test_every_serial_that_does_not_count_here_is_refused_in_the_same_words",),
    ),
    Guard(
        "paper 1", "a desk pays back what it sold", f"{LEDGER}/21_vouchers.sql",
        "IF paper.source_id <> in_desk THEN", "IF false THEN",
        (f"{VOUCHERS}::test_a_cheque_is_refunded_at_the_desk_that_sold_it_only",),
    ),
    Guard(
        "paper 1", "a code checks itself", "rewards/serials.py",
        "if number >> BITS or characters[-1] != _check(characters[:-1]):", "if number >> BITS:",
        ("tests/app/cheques/test_api.py::test_what_can_be_no_code_is_invalid_and_books_nothing",),
    ),
    Guard(
        "paper 2", "a number is of use where it came from only", f"{LEDGER}/20_serials.sql",
        "IF NOT FOUND OR paper.source_id <> in_source THEN", "IF NOT FOUND THEN",
        (f"{LOST}::test_a_number_that_is_not_this_desks_is_refused_in_the_same_words",
         f"{LOST}::test_a_paper_is_taken_back_once_by_the_account_that_issued_it_and_no_other"),
    ),
    Guard(
        "paper 3", "wrong codes are counted", "app/cheques/papers.py",
        "        spend(session, WRONG_CODES, subject)\n", "",
        ("tests/web/desks/test_cheques_handed_in.py::test_who_guesses_has_to_wait_and_who_hands_in_much_has_not",),
    ),
    Guard(
        "paper 3", "somebody else's code is a wrong one", "app/cheques/roosjes.py",
        "            raise errors.SerialRefused  # counted", "            raise KeyUsed  # counted",
        (f"{ACCOUNTS}::test_somebody_elses_code_is_counted_as_a_code_that_is_nobodys",),
    ),
    Guard(
        "paper 4", "an organisation sees its provider's account only", f"{LEDGER}/21_vouchers.sql",
        "    kind = 'provider'\n    AND owner_pseudonym", "    owner_pseudonym",
        (f"{LOST}::test_people_of_an_organisation_see_its_account_as_a_provider_and_nothing_else",),
    ),
    Guard(
        "invoice 1", "who reported a payment does not confirm it", INVOICES_SQL,
        "    ELSIF in_state = 'paid' AND last.by_whom = in_actor THEN\n"
        "        PERFORM ledger.refuse('ZL032', 'nobody confirms what they reported');\n", "",
        (f"{INVOICES}::test_who_reported_a_payment_does_not_confirm_it",),
    ),
    Guard(
        "invoice 1", "the rows themselves ask for two", INVOICES_SQL,
        "    CONSTRAINT invoice_step_paid_by_two CHECK (state <> 'paid' OR by_whom <> prev_by),\n", "",
        ("tests/rewards/test_guards.py::test_the_database_refuses",),
    ),
    Guard(
        "invoice 2", "a cheque goes on one invoice", INVOICES_SQL,
        "            leg := least(leg, ledger.book_leg(batch, 'VOUCHER',",
        "            leg := least(leg, ledger.book_leg(batch, 'EURCENT',",
        (f"{INVOICES}::test_cheques_are_on_one_invoice_only",),
    ),
    Guard(
        "invoice 3", "for a third there is no such invoice", INVOICES_SQL,
        "        OR (in_municipality IN (in_payer, in_payee)) IS NOT TRUE THEN", "        THEN",
        (f"{INVOICES}::test_for_others_there_is_no_such_invoice",),
    ),
    Guard(
        "invoice 4", "an organisation is paid by its own municipality", "app/cheques/payouts.py",
        "        raise PaidElsewhere\n", "        pass\n",
        ("tests/web/desks/test_invoices.py::test_an_organisation_of_a_neighbour_is_not_paid_past_that_neighbour",),
    ),
    Guard(
        "invoice 5", "an account that stands still is a sentence", "app/treasury/invoicing.py",
        "    except errors.PassedOn as refusal:\n        raise PassedOn from refusal\n"
        "    except errors.AccountNotOpen as refusal:\n        raise AccountStands from refusal\n",
        "    except errors.PassedOn as refusal:\n        raise PassedOn from refusal\n",
        ("tests/web/desks/test_invoices.py::test_an_account_that_stands_still_is_said",),
    ),
)  # fmt: skip
