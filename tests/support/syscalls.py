"""What a command asks of the system, by strace: the addresses it sends to and the files it writes. Sees native code, as patched sockets do not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from pathlib import Path

import pytest

NETWORK = ("connect", "sendto", "sendmsg", "sendmmsg", "bind")
WRITING = ("open", "openat", "openat2", "creat", "mkdir", "mkdirat", "mknod", "mknodat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "truncate")  # fmt: skip
DNS = 53
DEVICES = ("/dev/", "/proc/self/", "/proc/thread-self/")
"""Not files: terminals, /dev/null, shared memory, names of threads."""

_CALL = re.compile(r"^\d+ +(\w+)\((.*)$")
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_FAMILY = re.compile(r"sa_family=(\w+)")
_PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')


@cache
def missing() -> str | None:
    """Why system calls cannot be watched here; None where they can. With CI=true that is a failure."""
    strace = shutil.which("strace")
    reason = None
    if strace is None:
        reason = "there is no strace on this machine: install the package `strace`"
    elif subprocess.run([strace, "-o", os.devnull, "true"], capture_output=True, check=False).returncode:
        reason = "strace may not watch processes here (CAP_SYS_PTRACE)"
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    return reason


def watched(command: Sequence[str], log: Path) -> list[str]:
    """The command line that runs `command` and writes its system calls to `log`."""
    calls = ",".join(f"?{name}" for name in (*NETWORK, *WRITING))
    return ["strace", "-f", "-y", "-qq", "--seccomp-bpf", "-s", "400", "-o", str(log), "-e", f"trace={calls}", "--", *command]


@dataclass(frozen=True)
class Traffic:
    """What was seen in a log."""

    calls: int
    leaving: tuple[str, ...]
    """Calls whose address is another machine's, or a name server's wherever that runs."""
    written: frozenset[Path]
    """Files and folders that were made, renamed or opened for writing."""

    def outside(self, *folders: Path) -> list[Path]:
        """What is written neither in one of the folders nor on the way to it."""
        return sorted(
            path for path in self.written if not any(path.is_relative_to(one) or one.is_relative_to(path) for one in folders)
        )


def traffic(log: Path, started_in: Path) -> Traffic:
    """What `log` tells of a command that was started in a folder and stayed there."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    calls = [(found[1], found[2]) for line in lines if (found := _CALL.match(line))]
    leaving = [f"{name}({rest}" for name, rest in calls if name in NETWORK and leaves(name, rest)]
    written = {Path(path) for name, rest in calls if name in WRITING for path in _written(name, rest, started_in)}
    return Traffic(len(calls), tuple(leaving), frozenset(path for path in written if not str(path).startswith(DEVICES)))


def leaves(name: str, rest: str) -> bool:
    """Whether a call that strace printed has an address that is neither loopback nor local, or asks a name server."""
    family = _FAMILY.search(rest)
    if family is None or family[1] in ("AF_UNIX", "AF_NETLINK", "AF_UNSPEC"):
        return False
    address = _ADDRESS.search(rest)
    if address is None:
        return True  # a family that nobody here has a use for
    host = ip_address(address[1] or address[2])
    if name == "bind":
        return not (host.is_loopback or host.is_unspecified)
    ports = {int(port) for port in _PORT.findall(rest)}
    mapped = getattr(host, "ipv4_mapped", None)
    return DNS in ports or not (mapped or host).is_loopback


def _written(name: str, rest: str, started_in: Path) -> Iterator[str]:
    if name.startswith("open") and not re.search(r"O_CREAT|O_WRONLY|O_RDWR", rest):
        return
    found = [os.path.normpath(started_in / folder / path) for folder, path in _PATH.findall(rest)]
    # What is renamed or linked from may lie elsewhere only if it was written there, which is seen by itself.
    yield from found[-1:] if name.startswith(("rename", "link", "symlink")) else found[:1]
