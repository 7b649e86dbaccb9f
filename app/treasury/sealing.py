"""Seals of the ledger outside this installation: as mail, or as lines of a file."""

from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from pathlib import Path

from app.appending import append_whole
from app.config import Settings
from rewards.errors import InvalidInput
from rewards.seals import Seal, parse


class NotKept(RuntimeError):
    """A file of seals cannot be written or read, and why."""


def message(settings: Settings, seal: Seal, faults: list[str], not_kept: str = "") -> EmailMessage:
    """The seal of a night for the address of the settings, with whatever is wrong in the books.

    ``not_kept`` says why the seal does not stand in the file of the settings.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings.mail_from
    mail["To"] = settings.seal_to
    state = "de boeken kloppen niet" if faults else "de boeken kloppen"
    missed = ", maar het zegel staat niet in het bestand" if not_kept else ""
    mail["Subject"] = f"Zegel {seal.number} van {seal.sealed_on:%d-%m-%Y}: {state}{missed}"
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "zorgvoorelkaar.example"
    mail["Message-ID"] = f"<seal-{seal.number}-{seal.hash.hex()[:16]}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        "\n".join(["Bewaar deze regel.", "", seal.line, "", *filter(None, [not_kept]), *faults[:100]])
    )
    return mail


def keep(seal: Seal, path: Path) -> None:
    """Add the seal's line at the end of a file, unless it stands there."""
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise NotKept(f"{path} cannot be written: {_why(error)}.") from None
    if seal.line not in before.splitlines():
        _append(path, before, [seal])


def keep_up(seals: Sequence[Seal], path: Path) -> list[str]:
    """Add every seal that is newer than the last line of the file, and compare the lines that stood there.

    Returns one line for each that the books do not have like this (any more). Raises NotKept; the file must be
    there, else the seals would go to an empty folder while the disk that keeps them is away.
    """
    if not path.is_file():
        raise NotKept(f"{path} is not there. Is its disk away? The first time, make it empty.")
    before = kept(path)
    last = max((one.number for one in before), default=0)
    missing = [one for one in seals if one.number > last]
    if missing:
        _append(path, path.read_text(encoding="utf-8"), missing)
    held = {one.number: one for one in seals}
    return [f"seals: seal {one.number}: kept" for one in before if held.get(one.number) != one]


def _append(path: Path, before: str, seals: Sequence[Seal]) -> None:
    begin = "" if before.endswith("\n") or not before else "\n"
    try:
        append_whole(path, begin + "".join(f"{one.line}\n" for one in seals))
    except OSError as error:
        raise NotKept(f"{path} cannot be written: {_why(error)}.") from None


def kept(path: Path) -> list[Seal]:
    """The seals of a file; empty lines do not count. Raises NotKept with the number of a line that is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotKept(f"{path} cannot be read: {_why(error)}.") from None
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append(parse(line))
            except InvalidInput as refusal:
                raise NotKept(f"{path}, line {number}: {refusal}.") from None
    return found


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is no text"
