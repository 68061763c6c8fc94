"""Everything read from the environment, in one typed place."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse


def home() -> Path:
    """Where this installation keeps its data: `SANSHE_HOME`, else `var/` beside the code."""
    named = os.environ.get("SANSHE_HOME")
    if named:
        return Path(named).expanduser().resolve()
    checkout = Path(__file__).resolve().parents[3]
    if (checkout / "pyproject.toml").exists():
        return checkout / "var"
    return Path.home() / ".local" / "share" / "sanshe"


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes and on; the default where the variable is not set."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def count(name: str, *, default: int) -> int:
    """A whole number; raises ValueError for anything else."""
    value = os.environ.get(name)
    return default if value is None else int(value)


def secret(name: str) -> str:
    """A secret from the environment, else made once and kept, readable by its owner only."""
    value = os.environ.get(name)
    if value:
        return value
    path = home() / "secrets" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


@dataclass(frozen=True)
class Database:
    """The database behind `DATABASE_URL`: sqlite:///path or postgres://user:password@host/name."""

    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""

    @classmethod
    def from_url(cls, url: str) -> "Database":
        """Raises ValueError for a scheme that is neither sqlite nor postgres."""
        parts = urlparse(url)
        if parts.scheme == "sqlite":
            return cls("django.db.backends.sqlite3", unquote(parts.path))
        if parts.scheme not in {"postgres", "postgresql"}:
            raise ValueError(f"DATABASE_URL: {parts.scheme} is neither sqlite nor postgres")
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return cls(
            "django.db.backends.postgresql",
            unquote(parts.path.lstrip("/")),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            unquote(query.get("host", parts.hostname or "")),
            str(parts.port or ""),
        )


def database() -> Database:
    """`DATABASE_URL`, else one SQLite file in the home folder."""
    url = os.environ.get("DATABASE_URL")
    if url:
        return Database.from_url(url)
    return Database("django.db.backends.sqlite3", str(home() / "sanshe.sqlite3"))
