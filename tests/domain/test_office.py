"""The office's words and numbers, and secrets that show themselves to nobody by accident."""

import logging
import traceback

import pytest

from omnichannel.domain.case import Queue
from omnichannel.domain.channel import Channel
from omnichannel.domain.office import Account, Secret
from tests.desk import carried

TOKEN = "sangat-rahasia-91"


def test_a_secret_shows_itself_only_when_asked() -> None:
    secret = Secret(TOKEN)

    assert secret.reveal() == TOKEN
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r}", str([secret]), str({"k": secret})):
        assert TOKEN not in shown


def test_an_account_can_be_printed_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    account = Account("tg-humas", Channel.TELEGRAM, {"mode": "poll"}, {"TOKEN": Secret(TOKEN)})

    logging.getLogger("uji").warning("account %s %r", account, account)

    assert TOKEN not in repr(account)
    assert TOKEN not in caplog.text
    assert account.secret("TOKEN") == TOKEN
    assert account.secret("PASSWORD") == ""


def test_a_traceback_with_locals_shows_no_secret() -> None:
    def failing(held: Secret) -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError) as caught:
        failing(Secret(TOKEN))
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())

    assert "held" in shown
    assert TOKEN not in shown


def test_secrets_compare_by_what_they_hold() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1


def test_register_numbers_read_as_configured() -> None:
    office = carried().office

    assert office.number(Queue.PPID, 2026, 123) == "PPID-2026-000123"
    assert office.number(Queue.LAPOR, 2027, 1_234_567) == "LAP-2027-1234567"


def test_a_citizens_own_braces_stay_as_they_are() -> None:
    text = carried().office.notice(
        "piket", tempat="{nomor}", pengirim="{", kanal="web", pesan="{0} {x!r}", ke="1", tautan="https://x"
    )

    assert "{0} {x!r}" in text
    assert "{nomor}" in text
