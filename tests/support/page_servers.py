"""The configuration of `deploy/`, run by hand on this machine: nginx before page servers that share PostgreSQL and Chroma."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from chroma_server import free_port

ROOT = Path(__file__).resolve().parents[2]


def nginx() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def behind_nginx(program: str, ports: Sequence[int]) -> Iterator[int]:
    """The port of nginx with the file in `deploy/`, before page servers at these ports."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="paperchat-nginx-") as folder:
        settings = (ROOT / "deploy" / "nginx.conf").read_text()
        for number, page in enumerate(ports, 1):
            settings = settings.replace(f"page{number}:7860", f"127.0.0.1:{page}")
        settings = settings.replace("listen 80;", f"listen 127.0.0.1:{port};")
        places = "".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        settings = re.sub(r"http \{", "http { " + places, settings, count=1)
        written = Path(folder) / "nginx.conf"
        written.write_text(f"pid {folder}/pid; error_log {folder}/log; daemon off; master_process off;\n{settings}")
        process = subprocess.Popen([program, "-c", str(written), "-p", folder], stdin=subprocess.DEVNULL)
        try:
            for _ in range(200):
                assert process.poll() is None, (Path(folder) / "log").read_text()
                if (Path(folder) / "pid").exists():
                    break
                time.sleep(0.05)
            yield port
        finally:
            process.terminate()
            process.wait(30)
