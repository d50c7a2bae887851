"""Reading X within a monthly budget."""

from datetime import UTC, datetime, timedelta

import pytest

from omnichannel.connectors.x import PolledX, build
from omnichannel.connectors.x.cursor import Cursor
from omnichannel.connectors.x.prices import DM_WRITE, POST_WRITE, POST_WRITE_WITH_LINK, Budget, Meter
from omnichannel.domain.errors import TryLater
from omnichannel.domain.message import Outgoing
from tests.connectors.rigs.x import Rig, address_of
from tests.connectors.x_bench import a_reply, read, rig, x

__all__ = ["rig", "x"]

NOW = datetime(2026, 11, 16, tzinfo=UTC)


# ---- the budget


async def test_once_the_budget_is_spent_nothing_is_asked_and_words_say_so(rig: Rig) -> None:
    x = build(rig.account(monthly_budget_idr=1))
    assert isinstance(x, PolledX)
    rig.toy.citizen("Siti").messages("halo")
    _, cursor = await read(x)
    calls = len(rig.toy.calls)

    with pytest.raises(TryLater, match="Anggaran X bulan ini habis") as raised:
        await x.poll(cursor)

    assert raised.value.after is not None
    assert raised.value.after > timedelta(0)
    assert len(rig.toy.calls) == calls
    await x.close()


async def test_the_meter_survives_a_restart(rig: Rig, x: PolledX) -> None:
    rig.toy.citizen("Siti").messages("halo")
    _, cursor = await read(x)
    spent = Cursor.load(cursor).meter.spent
    reborn = build(rig.account())
    assert isinstance(reborn, PolledX)
    rig.toy.citizen("Siti").messages("lagi")
    _, later = await read(reborn, cursor)
    await reborn.close()

    assert spent > 0
    assert Cursor.load(later).meter.spent > spent


async def test_what_was_read_today_is_not_paid_for_again(rig: Rig, x: PolledX) -> None:
    rig.toy.citizen("Siti").messages("halo")
    _, first = await read(x)
    _, second = await read(x, first)

    assert Cursor.load(second).meter.spent == Cursor.load(first).meter.spent


async def test_answers_cost_what_they_hold(rig: Rig, x: PolledX) -> None:
    siti = rig.toy.citizen("Siti")
    post = siti.mentions("lampu mati")
    siti.messages("halo")
    _, cursor = await read(x)
    before = Cursor.load(cursor).meter.spent
    await x.send(a_reply(post))
    await x.send(a_reply(post, "Baca https://contoh.go.id"))
    await x.send(Outgoing(key="k", address=address_of(siti), text="Baik."))
    _, unsaved = await read(x, cursor)
    _, saved = await read(x, cursor)
    _, later = await read(x, saved)

    writes, echo = POST_WRITE + POST_WRITE_WITH_LINK + DM_WRITE, 10_000  # the poll reads our own message, too
    name = 10_000  # and our own name beside it
    assert Cursor.load(unsaved).meter.spent == before + writes + echo + name
    assert Cursor.load(saved).meter.spent == Cursor.load(later).meter.spent == Cursor.load(unsaved).meter.spent


def test_a_new_month_opens_the_budget_again() -> None:
    spent = Meter(month="2026-11", spent=9, day="2026-11-15", paid=("d1",))

    assert spent.at(NOW) == Meter("2026-11", 9, "2026-11-16", ())
    assert spent.at(NOW + timedelta(days=20)).spent == 0


def test_polling_slows_down_as_the_money_runs_ahead_of_the_month() -> None:
    usual, budget = timedelta(seconds=75), Budget(rupiah=17_500, idr_per_usd=17_500)

    assert budget.pace(usual, Meter(spent=400_000), NOW) == usual
    assert budget.pace(usual, Meter(spent=750_000), NOW) == usual * 2
    assert budget.pace(usual, Meter(spent=999_999), NOW) == timedelta(minutes=30)
    assert Budget().pace(usual, Meter(spent=10**12), NOW) == usual


@pytest.mark.parametrize("text", ["", "{", "[]", '{"meter": 5, "mentions": {"known": "x"}}', '{"meter":{"spent":-5}}'])
def test_a_cursor_of_nonsense_is_a_fresh_start(text: str) -> None:
    held = Cursor.load(text)

    assert (held.mentions.known, held.meter.spent) == (None, 0)
    assert Cursor.load(held.dump()) == held
