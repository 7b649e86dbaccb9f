"""The statements of the bare program: what each page, match and booking needs, and nothing besides.

They are asked as the owner, whom no policy holds back: who may see what is written out in each WHERE. A match reads the
views that say what the engine is told of an offer and of a request, applies every hard rule and adds up the score.
"""

from typing import Final

from matching.cells import STRETCH
from matching.score import Term

SITE: Final = """
SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date, r.name, r.demonstration, m.id, m.name, m.phone,
       m.broker_name, m.broker_title, m.opening_hours, m.look, m.logo, m.mediation
FROM region r JOIN municipality m ON m.id = coalesce(%s, r.default_municipality_id) WHERE m.joined
"""
_CARD: Final = """
r.id, r.title, r.body, r.kind, r.minutes, r.frequency, r.on_date, r.at_time, r.until_date, r.slots, r.cell,
r.helpers_wanted, r.helpers_found, p.first_name, c.theme, n.place, m.id AS municipality_id, m.name AS municipality
"""
_BESIDE: Final = """
JOIN person p ON p.id = r.person_id JOIN category c ON c.number = r.category_number
JOIN neighbourhood n ON n.pc4 = r.pc4 JOIN municipality m ON m.id = r.municipality_id
"""
LIST: Final = f"""
SELECT {_CARD}, count(*) OVER () AS in_all FROM help_request r {_BESIDE}
WHERE r.is_public AND (r.municipality_id = %(here)s OR r.cross_border AND r.municipality_id IN (
    SELECT s.partner_id FROM sharing s
    JOIN sharing b ON b.municipality_id = s.partner_id AND b.partner_id = s.municipality_id
    WHERE s.municipality_id = %(here)s
))
ORDER BY r.posted_at DESC, r.id LIMIT 20 OFFSET %(skip)s
"""
ONE: Final = f"""
SELECT {_CARD}, f.checks FROM help_request r {_BESIDE} JOIN request_facts f ON f.id = r.id
WHERE r.id = %s AND r.is_public
"""
WHO: Final = """
SELECT p.id, p.pseudonym, m.municipality_id FROM api_token t JOIN person p ON p.id = t.person_id
JOIN membership m ON m.person_id = p.id AND m.kind = 'lives'
WHERE t.token_hash = %s AND t.ended_at IS NULL AND t.expires_at > ledger.now() AND p.disabled_at IS NULL
ORDER BY m.since DESC LIMIT 1
"""
ACCOUNT: Final = """
SELECT id, posted, held_out, held_in, floor, ceiling FROM ledger.account
WHERE unit = 'ROOSJE_MIN' AND kind = 'member' AND owner_pseudonym = %s AND municipality_id = %s
"""
HOLDS: Final = """
SELECT CASE WHEN o.debit_id = %(account)s THEN -o.amount ELSE o.amount END, b.subject, o.expires_at
FROM ledger.open_hold o JOIN ledger.transfer t ON t.id = o.hold_id JOIN ledger.batch b ON b.id = t.batch_id
WHERE o.debit_id = %(account)s OR o.credit_id = %(account)s ORDER BY o.expires_at, o.hold_id
"""
OFFERS: Final = """
SELECT f.id, f.municipality_id, f.cell, f.category_numbers, f.skills, f.slots, f.minutes_per_week, f.radius_km,
       f.cross_border, f.languages, f.paid, f.organisation_id, f.exclusive, f.checks, f.load_limit_minutes,
       f.last_proposed_days, f.gender, apart_from(f.person_id) AS apart,
       ARRAY(SELECT s.partner_id FROM sharing s
             JOIN sharing b ON b.municipality_id = s.partner_id AND b.partner_id = s.municipality_id
             WHERE s.municipality_id = f.municipality_id) AS agreeing
FROM help_offer o JOIN offer_facts f ON f.id = o.id
WHERE o.person_id = %s AND o.status = 'open' AND f.open AND NOT is_suspended(o.person_id)
"""
TERMS: Final = {
    Term.NEAR: "greatest(400 - metres / 50, 0)",
    Term.NEIGHBOURS: "CASE WHEN cell = %(cell)s THEN 40 ELSE 0 END",
    Term.TIME: "20 * least(bit_count((slots & %(slots)s)::bit(32)), 6)",
    Term.SKILLS: (
        "30 * least(bit_count(((%(welcome)s::integer[])[category_number + 1] & ~skills & %(skills)s)::bit(32)), 4)"
    ),
    Term.LANGUAGE: "20 * least(greatest(bit_count((languages & %(languages)s)::bit(32)) - 1, 0), 2)",
}
"""Those that both sides may read."""
FITTING: Final = f"""
SELECT s.metres, s.score, {", ".join(f"s.by_{term.name}" for term in TERMS)},
       r.id, r.reference, r.municipality_id, p.first_name, n.place, c.slug, r.title, r.body, r.minutes, r.slots,
       r.frequency, r.on_date, r.at_time, r.until_date, r.helpers_wanted, r.helpers_found, r.kind, r.visibility,
       r.status, r.posted_at, r.expires_at, r.version
FROM (
    SELECT *, {" + ".join(f"by_{term.name}" for term in TERMS)}
              + 3 * least(coalesce(%(last_proposed_days)s::integer, 30), 30)
              + 60 * urgency + CASE WHEN vulnerable THEN 60 ELSE 0 END + 4 * least(days_waiting, 30) AS score
    FROM (
        SELECT *, {", ".join(f"{points} AS by_{term.name}" for term, points in TERMS.items())}
        FROM (
            SELECT *, round(sqrt(chord_2) * (1 + chord_2 * {STRETCH!r}))::integer AS metres
            FROM (
                SELECT *, north * north + east * east AS chord_2
                FROM (
                    SELECT f.*,
                           (%(north)s::float8[])[cell / 2048 - %(first_row)s]
                           * (%(cos_columns)s::float8[])[abs(cell %% 2048 - %(col)s) + 1] AS north,
                           (%(east)s::float8[])[cell / 2048 - %(first_row)s]
                           * (%(sin_columns)s::float8[])[abs(cell %% 2048 - %(col)s) + 1] AS east
                    FROM request_facts f
                    WHERE f.status = 'open' AND f.open
                      AND f.category_number = ANY (%(category_numbers)s)
                      AND f.cell / 2048 BETWEEN %(row)s - %(radius_km)s - 1 AND %(row)s + %(radius_km)s + 1
                      AND abs(f.cell %% 2048 - %(col)s) <= %(radius_km)s + 1
                      AND f.skills & %(skills)s = f.skills AND f.checks & %(checks)s = f.checks
                      AND f.slots & %(slots)s <> 0 AND f.languages & %(languages)s <> 0
                      AND f.minutes <= least(%(minutes_per_week)s::integer, %(load_limit_minutes)s::integer)
                      AND (f.professionals_only OR f.kind IN ('betaald', 'cheque')) = %(paid)s
                      AND (f.municipality_id = %(municipality_id)s OR f.cross_border AND %(cross_border)s
                           AND f.municipality_id = ANY (%(agreeing)s))
                      AND (f.helper_gender IS NULL OR f.helper_gender = %(gender)s)
                      AND (NOT %(exclusive)s OR f.organisation_id = %(organisation_id)s)
                      AND f.person_id <> %(person)s AND NOT f.person_id = ANY (%(apart)s)
                      AND NOT is_suspended(f.person_id)
                      AND (f.is_public
                           OR f.id IN (SELECT help_request_id FROM proposal WHERE helper_id = %(person)s))
                      AND NOT EXISTS (
                          SELECT FROM proposal q WHERE q.helper_id = %(person)s AND q.help_request_id = f.id
                          AND q.status NOT IN ('proposed', 'expired', 'withdrawn'))
                    OFFSET 0
                ) n OFFSET 0
            ) c OFFSET 0
        ) m WHERE metres <= 1000 * least(max_km, %(radius_km)s)
    ) t
    ORDER BY score DESC LIMIT 20
) s
JOIN help_request r ON r.id = s.id JOIN person p ON p.id = r.person_id
JOIN category c ON c.number = r.category_number JOIN neighbourhood n ON n.pc4 = r.pc4
ORDER BY s.score DESC
"""
CLAIM: Final = """
INSERT INTO idempotency_key (person_id, operation, key, body_hash) VALUES (%s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING key
"""
FIRST: Final = (
    "SELECT body_hash, answer FROM idempotency_key WHERE person_id = %s AND operation = %s AND key = %s"
)
KEEP: Final = """
UPDATE idempotency_key SET status = 201, answer = %s WHERE person_id = %s AND operation = %s AND key = %s
"""
NOTE: Final = """
INSERT INTO roosjes_note (id, municipality_id, from_id, key, salt, note_hash, text, about)
VALUES (%s, %s, %s, %s, %s, %s, '', '')
"""
GIVE: Final = "SELECT (ledger.donate(%s, %s, %s, %s, NULL, NULL, %s)).transfer_id"
