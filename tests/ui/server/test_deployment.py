"""`deploy/` as it is described: two page servers on one PostgreSQL and one Chroma server, behind nginx. Docker itself is not run here."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
import yaml
from base_install import python_path
from chroma_server import ChromaProcess
from page_servers import ROOT, behind_nginx, nginx
from postgres_server import PostgresServer

from rag.settings import setting_names
from tests.browser.child import Child, served
from ui.cli.serve import serve

DEPLOY = ROOT / "deploy"
PROGRAM = "from ui.cli.main import main; main()"
"""With PostgreSQL's driver, which a base install has not."""


@contextmanager
def new_database(server: PostgresServer, name: str) -> Iterator[str]:
    with psycopg.connect(server.url(), autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")
    yield server.url(name)


def asked(port: int, question: str, accept: str = "application/json") -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    line.request("POST", "/api/ask", json.dumps({"question": question}), {"Content-Type": "application/json", "Accept": accept})
    return line.getresponse()


def spent_by_children(page: Child) -> int:
    """Ticks of the processor that the page's worker has taken."""
    children = Path(f"/proc/{page.process.pid}/task").glob("*/children")
    own = [
        child
        for file in children
        for child in file.read_text().split()
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    stats = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in own]
    return sum(int(fields[11]) + int(fields[12]) for fields in stats)


@pytest.mark.skipif(nginx() is None, reason="nginx is not installed: on Debian, `apt-get install nginx-light`")
def test_a_paper_added_through_one_server_is_found_through_the_other_and_through_nginx(
    tmp_path: Path, postgres_process: PostgresServer, chroma_process: ChromaProcess
) -> None:
    with ExitStack() as stack:
        address = stack.enter_context(new_database(postgres_process, "deployed"))
        environment = {"PAPERCHAT_DATABASE": address, "PAPERCHAT_CHROMA": chroma_process.url, "PAPERCHAT_BUNDLED": "false"}
        pages: list[Child] = [
            stack.enter_context(served(tmp_path / name, 0, "--trusted-proxy", "127.0.0.1", program=PROGRAM, **environment))
            for name in ("one", "two")
        ]
        for page in pages:
            assert asked(page.port, "Where does the quokka live?").status == 200
        paper = {"title": "Quokka habits", "abstract": "The quokka smiles at people. The quokka lives on Rottnest Island."}
        (tmp_path / "new.jsonl").write_text(json.dumps(paper))
        added = subprocess.run(
            [sys.executable, "-c", PROGRAM, "--home", str(tmp_path / "one"), "add", str(tmp_path / "new.jsonl")],
            env={**environment, "PYTHONPATH": python_path(), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip
        assert added.returncode == 0, added.stderr
        time.sleep(2)
        for page in pages:
            assert "Rottnest Island" in asked(page.port, "Where does the quokka live?").read().decode()
        program = nginx()
        assert program is not None
        port = stack.enter_context(behind_nginx(program, [page.port for page in pages]))
        assert "Rottnest Island" in asked(port, "Where does the quokka live?").read().decode()
        events = asked(port, "Where does the quokka live?", "text/event-stream")
        assert events.getheader("Content-Type", "").startswith("text/event-stream")
        assert "Rottnest Island" in events.read().decode()
        page = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        page.request("GET", "/")
        assert b"Paperchat" in page.getresponse().read()


def test_workers_answer_from_a_database_that_others_change(tmp_path: Path, postgres_process: PostgresServer) -> None:
    with ExitStack() as stack:
        address = stack.enter_context(new_database(postgres_process, "with_workers"))
        environment = {"PAPERCHAT_DATABASE": address, "PAPERCHAT_BUNDLED": "false"}
        options = ("--workers", "1")
        page = stack.enter_context(served(tmp_path / "one", 0, *options, program=PROGRAM, **environment))
        assert "empty_library" in asked(page.port, "Where does the quokka live?").read().decode()
        before = spent_by_children(page)
        quokka = {"title": "Quokka habits", "abstract": "The quokka smiles at people. The quokka lives on Rottnest Island."}
        numbat = {"title": "Numbat habits", "abstract": "The numbat eats termites. The numbat lives in Dryandra."}
        for home, paper, question, found in (
            ("two", quokka, "Where does the quokka live?", "Rottnest Island"),
            ("one", numbat, "Where does the numbat live?", "Dryandra"),
        ):
            (tmp_path / "new.jsonl").write_text(json.dumps(paper))
            added = subprocess.run(
                [sys.executable, "-c", PROGRAM, "--home", str(tmp_path / home), "add", str(tmp_path / "new.jsonl")],
                env={**environment, "PYTHONPATH": python_path(), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False, cwd=tmp_path,
            )  # fmt: skip
            assert added.returncode == 0, added.stderr
            time.sleep(2)
            assert found in asked(page.port, question).read().decode()
        assert spent_by_children(page) > before, "the page's own process answered"


def test_the_compose_file_names_settings_options_and_files_that_there_are() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    assert set(services) == {"postgres", "chroma", "page1", "page2", "nginx"}
    options = {name.replace("_", "-") for name in serve.__annotations__}
    for name in ("page1", "page2"):
        assert set(services[name]["environment"]) <= set(setting_names())
        assert {one[2:] for one in services[name]["command"] if one.startswith("--")} <= options
        assert services[name]["command"][services[name]["command"].index("--trusted-proxy") + 1] in str(services["nginx"])
    assert {
        volume.partition(":")[0] for one in services.values() for volume in one.get("volumes", ()) if volume[0] != "."
    } == set(compose["volumes"])
    assert "ports" not in services["chroma"]
    assert "ports" not in services["postgres"]


def test_the_image_is_made_of_files_that_there_are() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    copied = [name for line in lines if line.startswith("COPY") for name in line.split()[1:-1]]
    assert copied
    assert all((ROOT / name).exists() for name in copied)
    sent = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    assert sent == set(copied)
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages <= set(copied)


def test_nginx_passes_events_on_as_they_come_and_keeps_a_visitor_with_one_server() -> None:
    settings = (DEPLOY / "nginx.conf").read_text()
    assert re.search(r"proxy_buffering off;", settings)
    assert re.search(r"ip_hash;", settings)
