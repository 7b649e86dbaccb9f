"""Settings, read once from the environment."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that may differ between two installations.

    Without ``DATABASE_URL`` the program starts its own PostgreSQL under ``ZVE_DATA_DIR``.
    """

    model_config = SettingsConfigDict(env_prefix="ZVE_", extra="ignore")

    database_url: str | None = Field(None, validation_alias="DATABASE_URL")
    database_owner_url: str | None = Field(None, validation_alias="DATABASE_OWNER_URL")
    database_direct_url: str | None = Field(None, validation_alias="DATABASE_DIRECT_URL")
    data_dir: Path = Path(".data")
    host: str = "127.0.0.1"
    port: int = Field(8000, validation_alias="PORT")
    trusted_proxies: str = ""
    """Addresses, with commas between, of the proxies whose X-Forwarded-For is believed."""
    base_url: str = ""
    """Public address in mails and the API description; empty means http://localhost:PORT."""
    secret: SecretStr | None = None
    """Signs links and CSRF tokens; without it a random one is kept under ``data_dir``."""
    pool_size: int = 10
    """Connections of one process, and the number of requests inside it at once."""
    smtp_url: str = ""
    """``smtp://user:password@host:port``; empty puts mail in the mailbox folder."""
    mail_from: str = "ZorgvoorElkaar <post@zorgvoorelkaar.example>"
    mail_burst_s: int = 120
    """Seconds within which several notices to one person become one mail; 0 mails each by itself."""
    seal_to: str = ""
    """Mail address outside this installation that keeps the seals of the ledger; empty sends them nowhere."""
    seal_file: str = ""
    """File outside the database to which each night's seal is added; it must be there. Empty writes nowhere."""
    audit_sink: str = ""
    """Where each line of the audit is kept outside the database: a file that must be there, or a syslog server
    (``syslog:/dev/log``, ``syslog:tcp:host:port``, or ``syslog:host:port`` for UDP). Empty writes nowhere."""
    pdok_url: str = ""
    """Address of PDOK's Locatieserver; empty means postcodes only."""
    kvk_key: SecretStr | None = None
    """Key of the KvK's API for Zoeken and Basisprofiel; without one the desk looks numbers up by hand."""
    kvk_url: str = ""
    """Address of that API; empty means https://api.kvk.nl/api."""
    kvk_timeout_s: float = 5.0
    request_timeout_s: float = 1.5

    @property
    def address(self) -> str:
        """The site's own address without a trailing slash."""
        return (self.base_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def mailbox_dir(self) -> Path:
        """Maildir that receives mail when no SMTP server is set."""
        return self.data_dir / "postbus"
