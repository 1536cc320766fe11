"""A PostgreSQL server of the tests' own, of Debian's package, in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

_PLACES = "/usr/lib/postgresql/*/bin"
_PEOPLE = ("postgres", "nobody")
_SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "max_wal_size=64MB",
    "min_wal_size=32MB",
    "wal_recycle=off",
    "shared_buffers=16MB",
    "max_connections=40",
    "autovacuum=off",
    "logging_collector=off",
)


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; None where it is not installed."""
    folders = sorted(Path("/").glob(_PLACES.lstrip("/")))
    on_path = shutil.which("initdb")
    if on_path is not None:
        folders.append(Path(on_path).parent)
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


class Server:
    """A server that listens on a socket in its own folder alone."""

    def __init__(self, programs: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="circle-pg-"))
        self.data = self.folder / "data"
        self._programs = programs
        self._names = count()
        self._running: subprocess.Popen[bytes] | None = None
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:  # which PostgreSQL refuses
            known = {entry.pw_name: entry for entry in pwd.getpwall()}
            person = next(known[name] for name in _PEOPLE if name in known)
            os.chown(self.folder, person.pw_uid, person.pw_gid)
            self._as = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
        call = [str(programs / "initdb"), "-D", str(self.data), "-U", "circle", "--auth=trust"]
        call += ["--encoding=UTF8", "--no-locale", "--no-sync"]
        subprocess.run(  # noqa: S603
            call, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, timeout=120, **self._as
        )

    @property
    def pid(self) -> int:
        """The number of the server's process."""
        assert self._running is not None
        return self._running.pid

    def start(self) -> None:
        """Start it, and wait until it answers."""
        call = [str(self._programs / "postgres"), "-D", str(self.data), "-k", str(self.folder)]
        for setting in _SETTINGS:
            call += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self._running = subprocess.Popen(  # noqa: S603
                call, cwd=self.folder, stdout=log, stderr=log, **self._as
            )
        for _ in range(600):
            try:
                psycopg.connect(self.address_of("postgres", plain=True)).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: by SIGINT at once and in order, by SIGQUIT as in a power cut."""
        if self._running is not None:
            self._running.send_signal(how)
            self._running.wait(60)
            self._running = None

    def remove(self) -> None:
        """End it, and remove all that is on disk."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def address_of(self, database: str, *, plain: bool = False) -> str:
        """Return the address of a database, for the setting `store` or for its own library."""
        driver = "" if plain else "+psycopg"
        return f"postgresql{driver}://circle@/{database}?host={self.folder}"

    def new_place(self) -> str:
        """Make an empty schema of a database that all share, and return its address: cheap."""
        name = f"place_{next(self._names)}"
        self.ask(f"CREATE SCHEMA {name}", "postgres")
        return f"{self.address_of('postgres')}&options=-c%20search_path%3D{name}"

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"test_{next(self._names)}"
        self.ask(f"CREATE DATABASE {name}", "postgres")
        return self.address_of(name)

    def ask(self, statement: str, database: str) -> list[tuple[Any, ...]]:
        """Run a statement, by the driver alone."""
        address = self.address_of(database, plain=True)
        with closing(psycopg.connect(address, autocommit=True)) as raw:
            cursor = raw.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []
