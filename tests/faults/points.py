"""Where one is killed. Nothing of this is in the program: `tests.faults.program` puts the stops around it."""

from enum import StrEnum


class Point(StrEnum):
    """A moment in the life of one request that books, or of the database server."""

    BOOKED = "booked, the rest of the transaction not yet written"
    BEFORE_COMMIT = "before COMMIT"
    COMMIT_SENT = "COMMIT sent, not answered"
    COMMITTED = "after COMMIT, nothing answered yet"
    ANSWERED = "answered"
    CHECKPOINT = "while a checkpoint is written"
    RECOVERY = "while the log is replayed after a kill"


class Target(StrEnum):
    """Who is killed."""

    WORKER = "web worker"
    SERVER = "database server"
    BOTH = "both"


IN_A_REQUEST = (Point.BOOKED, Point.BEFORE_COMMIT, Point.COMMIT_SENT, Point.COMMITTED, Point.ANSWERED)
OF_THE_SERVER = (Point.CHECKPOINT, Point.RECOVERY)
Failpoint = tuple[Target, Point]
ALL: tuple[Failpoint, ...] = (
    *((target, point) for point in IN_A_REQUEST for target in Target),
    *((Target.SERVER, point) for point in OF_THE_SERVER),
)
QUICK: tuple[Failpoint, ...] = (
    (Target.WORKER, Point.COMMITTED),
    (Target.SERVER, Point.COMMIT_SENT),
    (Target.WORKER, Point.BEFORE_COMMIT),
    (Target.SERVER, Point.COMMITTED),
    (Target.SERVER, Point.BOOKED),
)
