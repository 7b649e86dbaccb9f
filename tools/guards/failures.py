"""What breaks beside the program: the power, the database, the mail, the map, other people's servers."""

from typing import Final

from tools.guards.guard import Guard

FAILURES: Final = "tests/app/api/test_failures.py"
GEOCODER: Final = "tests/web/pages/test_slow_geocoder.py"
KILLED: Final = "tests/faults/test_killed.py"
MAIL_SERVER: Final = "tests/app/attacks/test_mail_server.py"
STOPPED: Final = "tests/faults/test_stopped.py"

GUARDS: Final = (
    Guard(
        "security 28", "what is acknowledged is on disk", "app/cluster.py",
        "({} if durable else WITHOUT_SAFETY)", "WITHOUT_SAFETY",
        (f"{KILLED}::test_what_was_acknowledged_is_there_once_after_server_and_worker_were_killed",),
    ),
    Guard(
        "security 29", "a database that is away is no failure of ours", "app/errors_http.py",
        "    if database_is_away(error):\n        return Unavailable()", "",
        (f"{FAILURES}::test_a_database_that_restarts_mid_request_is_503_and_back_within_five_seconds",),
    ),
    Guard(
        "security 29", "come back in some seconds", "app/errors_http.py",
        'response.headers["Retry-After"] = str(RETRY_AFTER_S)', "pass",
        (f"{FAILURES}::test_a_database_that_restarts_mid_request_is_503_and_back_within_five_seconds",),
    ),
    Guard(
        "security 29", "a dead connection is not handed out", "app/db.py",
        '        event.listen(self.engine, "checkout", _refuse_the_dead)\n', "",
        (f"{FAILURES}::test_connections_that_died_in_the_pool_are_not_handed_out",),
    ),
    Guard(
        "security 43", "no answer is an answer", "app/places/geocoding.py",
        "except NoAnswer as reason:", "except ZeroDivisionError as reason:",
        ("tests/app/places/test_geocoding.py::test_a_geocoder_that_misbehaves_leaves_the_postcodes_own_point",),
    ),
    Guard(
        "security 43", "nobody waits longer than agreed", "app/places/outside.py",
        ".result(self.timeout_s)", ".result(self.timeout_s + 30)",
        ("tests/app/places/test_geocoding.py::test_a_geocoder_that_misbehaves_leaves_the_postcodes_own_point",),
    ),
    Guard(
        "security 43", "a page leaves the asking to a job", "app/people/service.py",
        'defer(session, "people.locate", person_id=str(person_id))', '__import__("time").sleep(1.5)',
        (f"{GEOCODER}::test_registering_and_asking_answer_within_a_second_while_pdok_hangs",),
    ),
    Guard(
        "security 41", "a page leaves the mail to a job", "web/pages/sign_in.py",
        'defer(session, "sign_in.mail", queue="mail", link_id=str(link.id), lang=i18n.language(request))\n'
        "    return mailed(request, link)",
        '__import__("time").sleep(10)\n    return mailed(request, link)',
        (f"{MAIL_SERVER}::test_pages_answer_while_the_mail_server_misbehaves_and_the_mail_comes_once",),
    ),
    Guard(
        "security 41", "a mail that failed is tried again", "app/jobs/timetable.py",
        'Task("sign_in.mail", mails.mail_link, "mail", MAIL_RETRIES)', 'Task("sign_in.mail", mails.mail_link, "mail")',
        (f"{MAIL_SERVER}::test_pages_answer_while_the_mail_server_misbehaves_and_the_mail_comes_once",),
    ),
    Guard(
        "security 41", "what was given up is named", "app/jobs/queue.py",
        "ON e.job_id = j.id WHERE j.status = 'failed'", "ON e.job_id = j.id WHERE j.status = 'aborted'",
        (f"{MAIL_SERVER}::test_a_mail_that_is_given_up_is_named_and_can_be_tried_again",),
    ),
    Guard(
        "security 41", "a mail does not go in the clear", "app/notifications/smtp.py",
        "            server.starttls(context=trusted)", "            server.has_extn('starttls') and server.starttls()",
        (f"{MAIL_SERVER}::test_a_mail_goes_elsewhere_over_tls_that_is_verified_or_not_at_all",),
    ),
    Guard(
        "security 47", "what was begun has time to end", "app/cli.py",
        "timeout_graceful_shutdown=30,", "timeout_graceful_shutdown=1,",
        (f"{STOPPED}::test_a_site_that_is_told_to_stop_answers_what_was_begun_and_takes_nothing_new",),
    ),
    Guard(
        "security 47", "jobs of who was killed are given back", "app/jobs/queue.py",
        "WHERE j.status = 'doing' AND NOT EXISTS", "WHERE j.status = 'failed' AND NOT EXISTS",
        (f"{STOPPED}::test_what_a_worker_had_in_hand_when_it_was_killed_is_given_back",),
    ),
    Guard(
        "outside 1", "only origins that were named are asked", "app/outgoing.py",
        "        if origin_of(str(request.url)) not in allowed:", "        if False:",
        ("tests/test_outgoing.py::test_an_origin_that_nobody_named_is_not_asked",),
    ),
    Guard(
        "outside 1", "redirects are not followed", "app/outgoing.py",
        "follow_redirects=False,", "follow_redirects=True,",
        ("tests/test_outgoing.py::test_a_redirect_is_not_followed",),
    ),
    Guard(
        "outside 2", "the log holds nobody", "app/logs.py",
        "return _SHAPES.sub(BLOT, super().format(record))", "return super().format(record)",
        ("tests/app/test_logs.py::test_what_looks_like_somebodys_is_blotted_out",),
    ),
    Guard(
        "outside 3", "what was rolled back was counted", "app/pacing.py",
        "    afterwards(session, count)\n", "    count(session)\n",
        ("tests/app/test_pacing.py::test_what_was_rolled_back_was_counted",),
    ),
)  # fmt: skip
