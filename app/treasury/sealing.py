"""Seals of the ledger outside this installation: as mail, or as lines of a file."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from pathlib import Path

from app.config import Settings
from rewards.errors import InvalidInput
from rewards.seals import Seal, parse


class NotKept(RuntimeError):
    """A file of seals cannot be written or read, and why."""


def message(settings: Settings, seal: Seal, faults: list[str]) -> EmailMessage:
    """The seal of a night for the address of the settings, with whatever is wrong in the books."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings.mail_from
    mail["To"] = settings.seal_to
    state = "de boeken kloppen niet" if faults else "de boeken kloppen"
    mail["Subject"] = f"Zegel {seal.number} van {seal.sealed_on:%d-%m-%Y}: {state}"
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "zorgvoorelkaar.example"
    mail["Message-ID"] = f"<seal-{seal.number}-{seal.hash.hex()[:16]}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n".join(["Bewaar deze regel.", "", seal.line, "", *faults[:100]]))
    return mail


def keep(seal: Seal, path: Path) -> None:
    """Add the seal's line at the end of a file, unless it stands there."""
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if seal.line not in before.splitlines():
            begin = "" if before.endswith("\n") or not before else "\n"
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{begin}{seal.line}\n")
    except (OSError, UnicodeDecodeError) as error:
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
