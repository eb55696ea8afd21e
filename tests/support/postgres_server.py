"""A PostgreSQL server of the system (Debian's package `postgresql`) on this machine, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from chroma_server import free_port

PASSWORD = "open-sesame-5"
USER = "postgres" if os.getuid() == 0 else None
"""PostgreSQL does not run as root."""
NEEDED = ("initdb", "postgres", "pg_ctl", "pg_isready")


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; None where it is not installed."""
    found = shutil.which("postgres")
    folders = [*([Path(found).parent] if found else ()), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    return next((folder for folder in folders if all((folder / name).exists() for name in NEEDED)), None)


class PostgresServer:
    """A context manager. `stop` and `start` keep the data; `kill` ends it as a crash does."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # Not in pytest's folder, which another user may not enter.
        self.folder = Path(tempfile.mkdtemp(prefix="paperchat-postgres-"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://paperchat:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def __enter__(self) -> Self:
        if USER:
            shutil.chown(self.folder, USER)
        secret = self.folder / "secret"
        secret.write_text(PASSWORD)
        if USER:
            shutil.chown(secret, USER)
        self._run("initdb", "--pgdata", str(self.folder / "data"), "--username", "paperchat", "--pwfile", str(secret), "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")  # fmt: skip
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        options = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "shared_buffers": "16MB", "max_connections": 30}  # fmt: skip
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", self.folder / "data", *settings],
            user=USER, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(self.folder / "log").open("ab"),
        )  # fmt: skip
        for _ in range(600):
            if self._answers():
                return
            assert self._process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.1)
        raise AssertionError("PostgreSQL does not answer")

    def stop(self) -> None:
        """At once, cutting all connections, as a restart does."""
        self._run("pg_ctl", "stop", "--pgdata", str(self.folder / "data"), "--mode", "immediate")
        self._ended()

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._ended()

    def _ended(self) -> None:
        if self._process is not None:
            self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        asked = [self._programs / "pg_isready", "--host", "127.0.0.1", "--port", str(self.port)]
        return subprocess.run(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([self._programs / program, *arguments], user=USER, cwd=self.folder, stdout=subprocess.DEVNULL, check=True)
