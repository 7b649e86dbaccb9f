"""Every task by the name that it has on the queue: those that a change defers, and those of the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from procrastinate import RetryStrategy

from app.jobs import evidence, mails, outside, tasks
from app.jobs.work import Work
from app.notifications.sending import MOST_TRIES

MAIL_RETRIES: Final = RetryStrategy(max_attempts=MOST_TRIES, exponential_wait=5)
KVK_RETRIES: Final = RetryStrategy(max_attempts=5, exponential_wait=4)
PUSH_RETRIES: Final = RetryStrategy(max_attempts=6, exponential_wait=5)
WEBHOOK_RETRIES: Final = RetryStrategy(max_attempts=6, exponential_wait=4)
"""For when the database is away; how often the other side is tried stands in `app/webhooks/sending.py`."""
SAFETY_RETRIES: Final = RetryStrategy(max_attempts=6, exponential_wait=2)


@dataclass(frozen=True, slots=True)
class Task:
    """``run`` takes the work and the arguments with which ``defer`` named it; without ``retry`` it is tried once."""

    name: str
    run: Callable[..., None]
    queue: str = "default"
    retry: RetryStrategy | bool = False


DEFERRED: Final = (
    Task("notices.mail", mails.mail_notice, "mail", MAIL_RETRIES),
    Task("notices.gather", mails.gather, "mail", MAIL_RETRIES),
    Task("notices.send", mails.send_dispatch, "mail", MAIL_RETRIES),
    Task("sign_in.mail", mails.mail_link, "mail", MAIL_RETRIES),
    Task("sign_in.told", mails.mail_changed, "mail", MAIL_RETRIES),
    Task("invitations.mail", mails.mail_invitation, "mail", MAIL_RETRIES),
    Task("representations.mail", mails.mail_representation, "mail", MAIL_RETRIES),
    Task("push.send", outside.push, "mail", PUSH_RETRIES),
    Task("referrals.told", mails.mail_referrer, "mail", MAIL_RETRIES),
    Task("organisations.invite", mails.mail_organisation_invitation, "mail", MAIL_RETRIES),
    Task("referrals.received", tasks.referral_received),
    Task("people.locate", outside.locate),
    Task("checks.kvk", outside.look_up_company, retry=KVK_RETRIES),
    Task("roosjes.moved", tasks.moved_house),
    Task("requests.stopped", tasks.stopped),
    Task("requests.reopened", tasks.reopened),
    Task("rings.propose", tasks.find_rings),
    Task("rings.carry_out", tasks.carry_out_ring),
    Task("rings.ended", tasks.ring_ended),
    Task("couplings.end", tasks.end_coupling),
    Task("safety.apart", tasks.keep_apart, retry=SAFETY_RETRIES),
    Task("safety.suspended", tasks.suspended, retry=SAFETY_RETRIES),
    Task("life.happened", tasks.life_happened, retry=SAFETY_RETRIES),
    Task("life.undone", tasks.life_undone, retry=SAFETY_RETRIES),
    Task("webhooks.send", outside.send_webhook, "webhooks", WEBHOOK_RETRIES),
)

PERIODIC: Final[tuple[tuple[str, str, Callable[[Work], None]], ...]] = (
    ("* * * * *", "minutes.chain_audit", evidence.chain_audit),
    ("*/5 * * * *", "minutes.give_back", tasks.give_back),
    ("3-59/10 * * * *", "hours.rings", tasks.let_rings_go),
    ("8-59/10 * * * *", "hours.watch_referrals", tasks.watch_referrals),
    ("7 * * * *", "hours.advance", tasks.advance),
    ("*/10 * * * *", "hours.expire", tasks.expire),
    ("13 * * * *", "hours.keep_safe", tasks.keep_safe),
    ("17 * * * *", "hours.remind", tasks.remind),
    ("4 * * * *", "hours.gather", mails.gather_due),
    ("19 * * * *", "hours.tell_late", tasks.tell_late),
    ("21 * * * *", "hours.lapse_questions", tasks.lapse_questions),
    ("5 0 * * *", "nights.resume", tasks.resume),
    ("37 1 * * *", "nights.settle_lives", tasks.settle_lives),
    ("13 2 * * *", "nights.let_go", tasks.let_go),
    ("11 3 * * *", "nights.apply_policies", tasks.apply_policies),
    ("25 3 * * *", "nights.budgets", tasks.end_budgets),
    ("41 3 * * *", "nights.tidy", tasks.tidy),
    ("41 3 * * *", "nights.carry_along", tasks.carry_along),
    ("47 3 * * *", "nights.tell_figures", tasks.tell_figures),
    ("51 3 * * *", "nights.seal", evidence.seal),
    ("11 4 * * *", "nights.distribute", tasks.distribute),
    ("27 4 * * *", "nights.watch_books", tasks.watch_books),
    ("29 4 * * *", "nights.watch_people", tasks.watch_people),
    ("31 4 * * *", "nights.find_rings", tasks.find_rings),
    ("1 5 * * *", "nights.check_audit", evidence.check_audit),
    ("23 9 * * *", "days.advise", tasks.advise),
    ("37 9 * * *", "days.tell_of_papers", tasks.tell_of_papers),
    ("49 9 * * *", "days.tell_of_checks", tasks.tell_of_checks),
)
"""Cron, in UTC, the name, and the task; one of a name waits at a time."""
