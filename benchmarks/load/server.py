"""The server under load: our own, on this machine alone, in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
START_S = 120.0
_STOP_S = 20.0
_TIDY_S = 1.5
_TICKS = os.sysconf("SC_CLK_TCK")
_COMPLAINT = re.compile(r"error|exception|traceback", re.IGNORECASE)


class Server:
    """The application as it is deployed, on a free port.

    Parameters
    ----------
    store
        The file of its store; by default one of its own.
    mode
        ``serve``, or ``local`` for whoever is on this machine.
    """

    def __init__(self, store: Path | None = None, mode: str = "serve") -> None:
        self._folder = TemporaryDirectory()
        self._store, self._mode = store or Path(self._folder.name) / "store.sqlite", mode
        self.log = Path(self._folder.name) / "server.log"
        self.address = f"{HOST}:{_free_port()}"
        self._process = self._start()

    def __enter__(self) -> Self:
        """Wait until it answers."""
        self.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()
        self._folder.cleanup()

    def wait(self) -> None:
        """Wait until it answers.

        Raises
        ------
        RuntimeError
            With its log, when it does not start.
        """
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        end = time.monotonic() + START_S
        while time.monotonic() < end and self._process.poll() is None:
            try:
                with opener.open(f"http://{self.address}/_stcore/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(self.log.read_text(encoding="utf-8"))

    def restart(self) -> None:
        """Stop it as a system's service manager does, and start it on the same port."""
        self.stop()
        self._process = self._start()
        self.wait()

    def stop(self) -> None:
        """Ask it to end; end it when it does not."""
        self._process.terminate()
        try:
            self._process.wait(timeout=_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def memory_bytes(self) -> int:
        """Return its resident memory, after it collected its garbage."""
        self._process.send_signal(signal.SIGUSR1)
        time.sleep(_TIDY_S)
        return self._status_bytes("VmRSS")

    def most_memory_bytes(self) -> int:
        """Return the most resident memory that it has had."""
        return self._status_bytes("VmHWM")

    def _status_bytes(self, name: str) -> int:
        told = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        found = re.search(rf"^{name}:\s+(\d+) kB$", told, re.MULTILINE)
        if found is None:
            raise RuntimeError(told)
        return 1024 * int(found[1])

    def cpu_s(self) -> float:
        """Return the processor time that it has used."""
        told = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
        after_name = told.rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / _TICKS

    def complaints(self) -> list[str]:
        """Return the lines of its log that tell of an error."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if _COMPLAINT.search(line)]

    def _start(self) -> subprocess.Popen[bytes]:
        script = "serve.py" if (ROOT / "serve.py").is_file() else "app.py"
        port = self.address.rpartition(":")[2]
        flags = {
            "server.address": HOST,
            "server.port": port,
            "server.headless": "true",
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": "false",
        }
        command = [sys.executable, "-m", "benchmarks.load.served", "run", script]
        with self.log.open("ab") as out:
            return subprocess.Popen(  # noqa: S603 - our own command
                [*command, *(f"--{name}={value}" for name, value in flags.items())],
                cwd=ROOT,
                env=self._environment(),
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "CIRCLE_MODE": self._mode, "CIRCLE_STORE": str(self._store)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
