"""The one check behind every reply: what the channel's window allows, and what staff read when it does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from omnichannel.domain.channel import Capabilities, Channel, Late, Surface
from omnichannel.domain.conversation import Conversation, ConversationState
from tests.build import NOON

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)


def written_at(moment=NOON) -> Conversation:
    return Conversation(
        id=1,
        account="wa-humas",
        channel=Channel.WHATSAPP,
        surface=Surface.DIRECT,
        external_id="utas",
        contact_id=1,
        state=ConversationState.OPEN,
        last_at=NOON,
        created_at=NOON,
        last_in_at=moment,
    )


def test_without_a_window_we_may_always_answer() -> None:
    assert written_at(None).may_answer(Capabilities(text_limit=100), NOON).allowed


@pytest.mark.parametrize(
    ("after", "allowed"), [(timedelta(0), True), (DAY - timedelta(seconds=1), True), (DAY, False), (WEEK, False)]
)
def test_the_window_shuts_exactly_at_its_end(after: timedelta, allowed: bool) -> None:
    can = Capabilities(text_limit=100, window=DAY, late=Late.REFUSED)

    found = written_at().may_answer(can, NOON + after)

    assert found.allowed is allowed
    assert (found.until == NOON + DAY) is allowed
    assert (found.reason is None) is allowed


def test_a_thread_that_no_citizen_opened_stays_shut_on_a_channel_with_a_window() -> None:
    found = written_at(None).may_answer(Capabilities(text_limit=100, window=DAY), NOON)

    assert not found.allowed
    assert found.reason


@pytest.mark.parametrize(
    ("late", "hint"), [(Late.TEMPLATE, "Kirim templat, atau tunggu"), (Late.REFUSED, "Tunggu warga menulis lagi")]
)
def test_what_staff_read_says_what_to_do(late: Late, hint: str) -> None:
    found = written_at().may_answer(Capabilities(text_limit=100, window=DAY, late=late), NOON + DAY)

    assert found.late is late
    assert "24 jam" in (found.reason or "")
    assert hint in (found.reason or "")


def test_a_long_window_reads_in_days() -> None:
    found = written_at().may_answer(Capabilities(text_limit=100, window=WEEK, late=Late.REFUSED), NOON + WEEK)

    assert "Jendela 7 hari" in (found.reason or "")


def test_a_human_answer_may_come_late_and_says_until_when() -> None:
    can = Capabilities(text_limit=100, window=DAY, late=Late.HUMAN_TAG, late_window=WEEK)

    late = written_at().may_answer(can, NOON + DAY + timedelta(minutes=1))
    too_late = written_at().may_answer(can, NOON + WEEK)

    assert late.allowed
    assert (late.late, late.until) == (Late.HUMAN_TAG, NOON + WEEK)
    assert not too_late.allowed


def test_some_channels_only_warn() -> None:
    can = Capabilities(text_limit=100, window=DAY, late=Late.ALLOWED)

    assert written_at().may_answer(can, NOON + WEEK).allowed


def test_an_answer_goes_to_the_thread_and_the_citizen_in_it() -> None:
    address = replace(written_at(), surface=Surface.PUBLIC).address("warga-7")

    assert (address.conversation, address.surface, address.contact) == ("utas", Surface.PUBLIC, "warga-7")
