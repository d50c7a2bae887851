"""Log lines: fit for machines, and silent about secrets and citizens."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from omnichannel import logs

SECRET = "sandi-aplikasi-surel-9"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, settings = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(**settings)
    logging.captureWarnings(False)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    out, err = capsys.readouterr()
    assert out == "", "stdout is for data"
    return [json.loads(line) for line in err.splitlines()]


def test_both_kinds_of_logger_write_one_json_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()

    logging.getLogger("workers").warning("poll paused", extra={"account": "tg-humas"})
    structlog.get_logger("web").info("request", status=200)

    first, second = lines(capsys)
    assert (first["event"], first["account"], first["level"]) == ("poll paused", "tg-humas", "warning")
    assert (second["event"], second["status"]) == ("request", 200)
    assert first["timestamp"]


@pytest.mark.parametrize(
    "words",
    [
        f"login failed with {SECRET}",
        "POST https://api.telegram.org/bot123456789:AAE-rahasia_token_bot_yang_panjang_/sendMessage",
        f"postgresql://desk:{SECRET}@db/omnichannel",
        "postgresql://desk:lainlagi@db/omnichannel",
        "Authorization: Bearer abcdefgh12345678",
    ],
)
def test_a_secret_is_blotted_out_wherever_it_turns_up(capsys: pytest.CaptureFixture[str], words: str) -> None:
    logs.set_up([SECRET])

    try:
        raise RuntimeError(words)
    except RuntimeError:
        logging.getLogger("workers").exception("fault: %s", words, extra={"error": words})

    written = json.dumps(lines(capsys))
    for hidden in (SECRET, "rahasia_token", "lainlagi", "abcdefgh12345678"):
        assert hidden not in written
    assert logs.HIDDEN in json.loads(written)[0]["event"]


def test_what_a_citizen_wrote_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()

    logging.getLogger("inbox").error("cannot store", extra={"text": "NIK saya 6408", "message_id": 7})

    (line,) = lines(capsys)
    assert (line["text"], line["message_id"]) == (logs.HIDDEN, 7)
