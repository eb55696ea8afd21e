"""Passwords: the file with its roles, pauses by name and address, hashes beside the event loop, and sessions that end."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import bcrypt
import pytest

from rag.errors import SettingsError
from ui.server import sign_in as sign_in_module
from ui.server.passwords import MOST_FAILURES, PAUSE, Account, Passwords, Paused, read_passwords
from ui.server.sign_in import MOST_ATTEMPTS, MOST_ATTEMPTS_EACH, SIGNED_IN_SECONDS, Sessions, SignIn, TooManySignIns

RIGHT = bcrypt.hashpw(b"right", b"$2b$04$" + b"s" * 21 + b"u").decode()


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_module, "PAUSE", 0.0)


def people(clock: list[float]) -> Passwords:
    return Passwords({"ada": Account(RIGHT.encode())}, clock=lambda: clock[0])


def test_repeated_failures_pause_a_name_at_one_address_for_a_while() -> None:
    now = [0.0]
    passwords = people(now)
    assert passwords.agree("ada", "right", "192.0.2.1")
    assert not passwords.agree("bob", "right", "192.0.2.1")
    for _ in range(MOST_FAILURES):
        assert not passwords.agree("ada", "wrong", "192.0.2.1")
    now[0] += PAUSE - 60
    with pytest.raises(Paused) as caught:
        passwords.agree("ada", "right", "192.0.2.1")
    assert caught.value.seconds == 60
    assert passwords.agree("ada", "right", "192.0.2.2")
    now[0] += 61
    assert passwords.agree("ada", "right", "192.0.2.1")


@pytest.mark.parametrize("password", ["", "\x00", "x" * 100_000, "\ud800", "ä" * 50])
def test_any_password_can_be_tried(password: str) -> None:
    assert not people([0.0]).agree("ada", password)


def test_the_first_name_of_a_file_is_an_editor_and_others_viewers_unless_it_says_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "people"
    file.write_text(f"# people\nada:{RIGHT}\nbo:{RIGHT}\n\ncy:{RIGHT}:editor\n", encoding="utf-8")
    found = read_passwords(file)
    assert [found.role(name) for name in ("ada", "bo", "cy")] == ["editor", "viewer", "editor"]
    assert found.agree("bo", "right")
    file.write_text(f"ada:{RIGHT}:viewer\n", encoding="utf-8")
    assert read_passwords(file).role("ada") == "viewer"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ada:plain\n", "line 1"),
        ("", "nobody"),
        (f"ada:{RIGHT}:owner\n", "`viewer` or `editor`"),
        (f"ada:{RIGHT}\nada:{RIGHT}\n", "a second time"),
        (f":{RIGHT}", "line 1"),
        (f"ada:{RIGHT.replace('$04$', '$03$')}\n", "line 1"),
        (f"ada:{RIGHT.replace('$04$', '$32$')}\n", "line 1"),
    ],
)
def test_a_bad_line_is_named_without_what_stands_in_it(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "people"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=said) as caught:
        read_passwords(file)
    assert "plain" not in str(caught.value)
    assert RIGHT not in str(caught.value)


class Held(Passwords):
    """Passwords whose hashes take until `go` is set; counts how many were tried."""

    def __init__(self) -> None:
        super().__init__({"ada": Account(RIGHT.encode())})
        self.go, self.tried, self.threads = threading.Event(), 0, set[str]()

    def agree(self, name: str, password: str, address: str = "") -> bool:
        self.tried += 1
        self.threads.add(threading.current_thread().name)
        assert self.go.wait(30)
        return super().agree(name, password, address)


def test_hashes_are_held_beside_the_loop_a_few_at_a_time_and_fewer_from_one_address() -> None:
    async def flood() -> None:
        held = Held()
        sign_in = SignIn(held)
        trying = [
            asyncio.create_task(sign_in.agree(f"n{number}", "x", f"192.0.2.{number // MOST_ATTEMPTS_EACH}"))
            for number in range(MOST_ATTEMPTS)
        ]
        await asyncio.sleep(0)
        for address in ("192.0.2.0", "192.0.2.77"):
            with pytest.raises(TooManySignIns):
                await sign_in.agree("ada", "right", address)
        assert held.tried <= 1  # one thread: the processors are for questions
        held.go.set()
        assert await asyncio.gather(*trying) == [False] * MOST_ATTEMPTS
        await asyncio.sleep(0)
        assert await sign_in.agree("ada", "right", "192.0.2.77")
        assert threading.current_thread().name not in held.threads

    asyncio.run(flood())


def test_one_address_leaves_room_for_another() -> None:
    async def flood() -> None:
        held = Held()
        sign_in = SignIn(held)
        trying = [asyncio.create_task(sign_in.agree(f"n{number}", "x", "192.0.2.1")) for number in range(8)]
        await asyncio.sleep(0)
        mine = asyncio.create_task(sign_in.agree("ada", "right", "192.0.2.2"))
        await asyncio.sleep(0)
        held.go.set()
        ended = await asyncio.gather(*trying, return_exceptions=True)
        assert sum(isinstance(each, TooManySignIns) for each in ended) == 8 - MOST_ATTEMPTS_EACH
        assert await mine

    asyncio.run(flood())


def test_a_right_password_is_hashed_once_for_many_requests_and_a_wrong_one_each_time() -> None:
    async def use() -> None:
        held = Held()
        held.go.set()
        sign_in = SignIn(held)
        same = await asyncio.gather(*(sign_in.agree("ada", "right", "192.0.2.1") for _ in range(5)))
        assert (same, held.tried) == ([True] * 5, 1)
        assert await sign_in.agree("ada", "right", "192.0.2.1")
        assert held.tried == 1
        for _ in range(3):
            assert not await sign_in.agree("ada", "wrong", "192.0.2.1")
        assert held.tried == 4

    asyncio.run(use())


def test_a_session_ends_by_itself_and_when_it_is_ended() -> None:
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    one, other = sessions.begin("ada"), sessions.begin("bo")
    assert (sessions.name(one), sessions.name(other), sessions.name("guess"), sessions.name(None)) == ("ada", "bo", None, None)
    sessions.end(one)
    assert sessions.name(one) is None
    now[0] = SIGNED_IN_SECONDS + 1
    assert sessions.name(other) is None


def test_a_refusal_is_told_after_a_pause_but_nobody_keeps_more_than_a_few_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_module, "PAUSE", 3600.0)

    async def flood() -> None:
        held = Held()
        held.go.set()
        sign_in = SignIn(held)
        waiting = [
            asyncio.create_task(sign_in.agree(f"n{number}", "x", "192.0.2.1"))
            for number in range(sign_in_module.MOST_PAUSED_EACH + 8)
        ]
        told, held_back = await asyncio.wait(waiting, timeout=10)
        assert len(held_back) == sign_in_module.MOST_PAUSED_EACH
        assert len(told) == 8
        assert await sign_in.agree("ada", "right", "192.0.2.1")
        for task in held_back:
            task.cancel()

    asyncio.run(flood())
