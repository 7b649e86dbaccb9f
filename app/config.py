"""Settings, read once from the environment, and refused at the start when they cannot be right."""

import re
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX: Final = "ZVE_"
ELSEWHERE: Final = frozenset({"ZVE_ETC", "ZVE_TEST_LONG", "ZVE_TEST_SEED", "ZVE_POSTGRES_BIN"})
"""Variables of the same prefix that `deploy/in_region`, the tests and the tools of this project read."""
PUSH_KEY: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""32 bytes in base64url."""
PUSH_SERVICES: Final = (
    "https://fcm.googleapis.com https://updates.push.services.mozilla.com https://*.push.apple.com"
    " https://*.notify.windows.com"
)
"""Those of Chrome, Firefox, Safari and Edge."""
THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names under which nobody elsewhere can mean this machine."""
RECIPIENT: Final = re.compile(r"age1[02-9ac-hj-np-z]{58}")


def _database(value: str | None) -> str | None:
    if value and not re.match(r"postgres(ql)?(\+psycopg)?://", value):
        raise ValueError("begins with postgresql://")
    return value or None


def _web(value: str) -> str:
    if value:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("is an address such as https://voorbeeld.nl")
    return value


def _smtp(value: str) -> str:
    if value:
        parts = urlsplit(value)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or _no_port(value):
            raise ValueError("is an address such as smtps://user:password@host:465")
    return value


def _no_port(value: str) -> bool:
    try:
        urlsplit(value).port  # noqa: B018 - asking is what raises
    except ValueError:
        return True
    return False


def _mail(value: str) -> str:
    name, _, domain = parseaddr(value)[1].rpartition("@")
    if value and not (name and domain):
        raise ValueError("is a mail address, such as Naam <post@voorbeeld.nl>")
    return value


def _proxies(value: str) -> str:
    for one in filter(None, (part.strip() for part in value.split(","))):
        if one != "*" and not one.startswith("/"):
            try:
                ip_network(one, strict=False)
            except ValueError:
                raise ValueError("holds addresses such as 10.0.0.1, with commas between") from None
    return value


def _sink(value: str) -> str:
    if value.startswith("syslog:"):
        where = value.removeprefix("syslog:").removeprefix("tcp:")
        if not where.startswith("/") and not re.fullmatch(r".+:[0-9]{1,5}", where):
            raise ValueError("is a file, syslog:/dev/log, syslog:tcp:host:port or syslog:host:port")
    return value


def _secret(value: SecretStr | None) -> SecretStr | None:
    """What is set to nothing is not set: an empty secret would sign for everybody."""
    return value if value is not None and value.get_secret_value() else None


def _recipients(value: str) -> str:
    if not all(RECIPIENT.fullmatch(one) for one in value.split()):
        raise ValueError("holds public keys that begin with age1, with spaces between")
    return value


def _push_key(value: SecretStr | None) -> SecretStr | None:
    if (value := _secret(value)) is not None and not PUSH_KEY.fullmatch(value.get_secret_value()):
        raise ValueError("is what `zorgvoorelkaar push-key` printed")
    return value


def _push_services(value: str) -> str:
    _refuse_no_origins(value)
    return value


def _webhooks_to(value: str) -> str:
    _refuse_no_origins(" ".join(one for one in value.split() if one != "https://*"))
    return value


def _refuse_no_origins(value: str) -> None:
    for one in value.split():
        parts = urlsplit(one.replace("://*.", "://"))
        local = parts.hostname in THIS_MACHINE
        if (
            not parts.hostname
            or parts.path
            or not (parts.scheme == "https" or (parts.scheme == "http" and local))
        ):
            raise ValueError(
                "holds origins such as https://push.example or https://*.push.example, with spaces between"
            )


Database = Annotated[str | None, AfterValidator(_database)]
Web = Annotated[str, AfterValidator(_web)]
Mail = Annotated[str, AfterValidator(_mail)]
Seconds = Annotated[float, Field(gt=0, le=120)]


class Settings(BaseSettings):
    """Everything that may differ between two installations.

    Without ``DATABASE_URL`` the program starts its own PostgreSQL under ``ZVE_DATA_DIR``. What stands under a field
    is its line in docs/configuration.md.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", use_attribute_docstrings=True)

    database_url: Database = Field(None, validation_alias="DATABASE_URL")
    """Address as the application role; without it the program starts its own PostgreSQL."""
    database_owner_url: Database = Field(None, validation_alias="DATABASE_OWNER_URL")
    """The same database as its owner: migrations, reference data, backups, the clock of a demonstration."""
    database_direct_url: Database = Field(None, validation_alias="DATABASE_DIRECT_URL")
    """Address past a pgbouncer, for jobs that wait for a signal; without it that of `DATABASE_URL`."""
    database_replica_url: Database = Field(None, validation_alias="DATABASE_REPLICA_URL")
    """Address of a streaming replica, as the application role: there visitors' pages are read that may be a few seconds
    old. Without it, and while it lags or is away, everything is read from `DATABASE_URL`."""
    data_dir: Path = Path(".data")
    """Folder of the embedded database, the secret, the mailbox folder."""
    host: str = Field("127.0.0.1", min_length=1)
    """Interface to listen on."""
    port: int = Field(8000, validation_alias="PORT", ge=1, le=65535)
    """Port to listen on."""
    trusted_proxies: Annotated[str, AfterValidator(_proxies)] = ""
    """Addresses, with commas between, of the proxies whose `X-Forwarded-For` is believed; limits count by it."""
    base_url: Web = ""
    """Public address in mails and in the description of the API; without it `http://localhost:PORT`."""
    secret: Annotated[SecretStr | None, AfterValidator(_secret)] = None
    """Signs links and form tokens; the same on every machine of one installation. Without it a random one is kept
    under `ZVE_DATA_DIR`."""
    pool_size: int = Field(10, ge=1, le=200)
    """Connections of one process, and the number of requests inside it at once."""
    log: Literal["plain", "json"] = "plain"
    """How the log is written: `plain` lines, or `json` with one object a line."""
    metrics_token: SecretStr | None = None
    """Whoever shows it as a bearer token may read `/metrics` from elsewhere; without it only this machine may."""
    traces_to: Web = ""
    """Address of an OpenTelemetry collector, such as `http://127.0.0.1:4318`, on this machine or over https; without it
    nothing is traced."""
    smtp_url: Annotated[str, AfterValidator(_smtp)] = ""
    """`smtp://user:password@host:port`, which takes STARTTLS unless it is this machine, or `smtps://...`; the
    certificate must hold; without it mail goes to the mailbox folder."""
    mail_from: Mail = "ZorgvoorElkaar <post@zorgvoorelkaar.example>"
    """Sender of the mails."""
    mail_burst_s: int = Field(120, ge=0, le=3600)
    """Seconds within which several notices to one person become one mail; `0` mails each by itself."""
    seal_to: Mail = ""
    """Mail address outside this installation, which keeps each night's seal of the ledger and hears when the books
    are not right; empty sends them nowhere."""
    seal_file: str = ""
    """File outside the database to which each night's seal is added; it must be there, empty the first time."""
    audit_sink: Annotated[str, AfterValidator(_sink)] = ""
    """Where each line of the audit is kept outside the database: a file that must be there (empty the first time),
    `syslog:/dev/log`, `syslog:tcp:host:port` or `syslog:host:port` (UDP). Empty writes nowhere."""
    backup_to: Annotated[str, AfterValidator(_recipients)] = ""
    """Public keys (age1...), with spaces between, that can open a backup; `zorgvoorelkaar backup-key` makes one.
    Without it no backup is made."""
    push_key: Annotated[SecretStr | None, AfterValidator(_push_key)] = None
    """Private key towards push services, for signs in browsers; `zorgvoorelkaar push-key` makes one. Without it no
    page offers them. Another key ends all that browsers agreed to."""
    push_services: Annotated[str, AfterValidator(_push_services)] = PUSH_SERVICES
    """Origins of push services to which signs are posted, with spaces between, `*` for any name below; a browser with
    another is not kept."""
    webhooks_to: Annotated[str, AfterValidator(_webhooks_to)] = ""
    """Origins to which municipalities may have webhooks sent, with spaces between. `https://*.voorbeeld.nl` is any
    name below, `https://*` any name at all, and neither reaches a private network: for that an origin is named in full.
    Empty lets none."""
    pdok_url: Web = ""
    """Address of PDOK's Locatieserver; without it places come from postcodes only."""
    kvk_key: SecretStr | None = None
    """Key of the KvK's API for Zoeken and Basisprofiel; without one the desk looks numbers up by hand."""
    kvk_url: Web = ""
    """Address of that API; empty means `https://api.kvk.nl/api`. Its test data are at
    `https://api.kvk.nl/test/api`."""
    kvk_timeout_s: Seconds = 5.0
    """Seconds for one answer of it, in a job."""
    request_timeout_s: Seconds = 1.5
    """Seconds that PDOK may take before the postcode's own point is used."""

    @property
    def address(self) -> str:
        """The site's own address without a trailing slash."""
        return (self.base_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def mailbox_dir(self) -> Path:
        """Maildir that receives mail when no SMTP server is set."""
        return self.data_dir / "postbus"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"{PREFIX}{name.upper()}"


def faults(error: ValidationError) -> Iterator[str]:
    """A sentence for each setting that cannot be right; never its value, which may be a secret."""
    for one in error.errors(include_url=False, include_input=False):
        place = str(one["loc"][0])
        name = variable(place) if place in Settings.model_fields else place
        words = one["msg"].removeprefix("Value error, ")
        yield f"{name} cannot be used: it {_in_a_sentence(words)}."


def _in_a_sentence(words: str) -> str:
    plain = re.sub(r"^Input should be", "should be", words)
    plain = re.sub(r", unable to parse.*$", "", plain)
    return plain[0].lower() + plain[1:] if plain else plain


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like settings and are none: a word that was typed wrong."""
    known = {variable(name) for name in Settings.model_fields} | ELSEWHERE
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def markdown() -> str:
    """The page docs/configuration.md."""
    lines = [
        "# Settings", "",
        "Made from `app/config.py` by `zorgvoorelkaar settings --write`; a test compares the two. All come from the",
        "environment, and each has a default that works on one machine. They are read once, at the start: what cannot",
        "be right is said in a sentence, and nothing starts. `zorgvoorelkaar check` tells what of it works.", "",
        "| Variable | Default | Meaning |", "|---|---|---|",
    ]  # fmt: skip
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if field.default not in (None, "") else "none"
        meaning = " ".join((field.description or "").split()).removesuffix(".")
        lines.append(f"| `{variable(name)}` | {default} | {meaning} |")
    return "\n".join([*lines, ""])
