"""What makes a submission look like a machine's, and how long a guess must wait."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from omnichannel.web import public_gate
from omnichannel.web.public_gate import FLOOD, MANY, Counts, Gate, Stamp

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SECRET = b"rahasia"


def doubts(**given: Any) -> tuple[tuple[str, ...], bool]:
    stamp = given.pop("stamp", Stamp("k", NOW - timedelta(minutes=2), True))
    facts: dict[str, Any] = {"baited": False, "repeated": False, "count": 1, "now": NOW}
    return public_gate.doubts_of(stamp, **(facts | given))


def asked(remote: str, forwarded: str | None = None) -> str:
    class Transport:
        def get_extra_info(self, name: str, default: object = None) -> object:
            return (remote, 1) if name == "peername" else default

        def is_closing(self) -> bool:
            return False

    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return public_gate.address(make_mocked_request("GET", "/", headers=headers, transport=Transport()))


def test_a_stamp_of_ours_says_when_it_was_made() -> None:
    stamp = public_gate.stamp(SECRET, "pengaduan", NOW)

    assert public_gate.read_stamp(SECRET, "pengaduan", stamp) == Stamp(stamp, NOW, True)


@pytest.mark.parametrize("text", ["", ".", "...", "pengaduan.x.y.z", "pengaduan.99999999999999999.a.b", "\ud800.é"])
def test_no_text_passes_for_a_stamp_or_breaks_us(text: str) -> None:
    assert public_gate.read_stamp(SECRET, "pengaduan", text) == Stamp(text, None, False)


def test_a_stamp_of_another_form_or_another_office_is_not_ours() -> None:
    stamp = public_gate.stamp(SECRET, "permohonan", NOW)

    assert not public_gate.read_stamp(SECRET, "pengaduan", stamp).ours
    assert not public_gate.read_stamp(b"lain", "permohonan", stamp).ours
    assert not public_gate.read_stamp(SECRET, "permohonan", stamp.replace(".17", ".18", 1)).ours


def test_two_stamps_of_one_moment_differ() -> None:
    assert public_gate.stamp(SECRET, "pengaduan", NOW) != public_gate.stamp(SECRET, "pengaduan", NOW)


@pytest.mark.parametrize(
    ("given", "found", "held"),
    [
        ({}, (), False),
        ({"stamp": Stamp("k", NOW - timedelta(seconds=1), True)}, ("too_fast",), False),
        ({"stamp": Stamp("k", NOW - timedelta(days=2), True)}, ("too_old",), False),
        ({"stamp": Stamp("k", None, False)}, ("no_stamp",), False),
        ({"repeated": True}, ("same_words",), False),
        ({"count": MANY + 1}, ("many",), False),
        ({"count": FLOOD + 1}, ("flood",), True),
        ({"baited": True}, ("trap",), True),
        (
            {"stamp": Stamp("k", None, False), "repeated": True, "count": MANY + 1},
            ("no_stamp", "same_words", "many"),
            True,
        ),
    ],
)
def test_one_doubt_asks_for_a_look_and_many_hold_back(
    given: dict[str, Any], found: tuple[str, ...], held: bool
) -> None:
    assert doubts(**given) == (found, held)


def test_what_happened_long_ago_counts_no_more() -> None:
    counts = Counts(timedelta(hours=1))
    for minutes in (0, 30, 59):
        counts.note("a", NOW + timedelta(minutes=minutes))

    assert counts.count("a", NOW + timedelta(minutes=59)) == 3
    assert counts.count("a", NOW + timedelta(minutes=60)) == 2
    assert counts.count("a", NOW + timedelta(hours=3)) == 0
    assert counts.count("b", NOW) == 0


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_gate, "REMEMBERED", 10)
    counts, gate = Counts(timedelta(hours=1)), Gate()

    for number in range(50):
        counts.note(str(number), NOW)
        gate.said_before(f"kata {number}", str(number), NOW)

    assert counts.count("0", NOW) == 0
    assert counts.count("49", NOW) == 1
    assert not gate.said_before("kata 0", "lain", NOW)
    assert gate.said_before("KATA, 49!", "lain", NOW)


def test_one_address_has_another_name_each_day() -> None:
    gate, request = Gate(), make_mocked_request("GET", "/")

    today, again = gate.who(request, NOW), gate.who(request, NOW)
    tomorrow = gate.who(request, NOW + timedelta(days=1))

    assert today == again != tomorrow


def test_only_a_proxy_of_our_own_is_believed_about_who_asks() -> None:
    assert asked("203.0.113.9", "198.51.100.1") == "203.0.113.9"
    assert asked("127.0.0.1", "6.6.6.6, 198.51.100.1") == "198.51.100.1"
    assert asked("10.0.0.3", "bukan alamat") == "10.0.0.3"
    assert asked("2001:db9:1:2:3::4") == "2001:db9:1:2::/64"
