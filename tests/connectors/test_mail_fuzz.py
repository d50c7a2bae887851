"""Whatever the bytes: no exception, and no word is lost."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.connectors.mail.parse import parse
from omnichannel.domain.message import Event, EventType
from tests.connectors.letters import OURS, b64, branch, file, joined, letter, part, qp
from tests.connectors.nasty import CASES

RECORDINGS = sorted((Path(__file__).parent / "recordings" / "mail").glob("*.eml"))
SEEDS = [path.read_bytes() for path in RECORDINGS] + [raw for raw, _ in CASES.values() if len(raw) < 6000]
SPLICES = [b"\r\n", b"\n\n", b"--batas", b"--", b"\x00", b"=?utf-8?B?", b"\xff\xfe", b"Content-Type: multipart/mixed; boundary=\r\n",
           b"<blockquote type=cite>", b"> ", b"begin 644 x\n", b"\x1b$B", b"+AOk-", b"<!--", b"message/rfc822", b"base64"]  # fmt: skip


@st.composite
def mutilated(draw: st.DrawFn) -> bytes:
    """A letter with pieces cut out, doubled, exchanged and put in."""
    raw = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw)))
        end = min(len(raw), at + draw(st.integers(0, 60)))
        deed = draw(st.sampled_from(("cut", "double", "put", "flip")))
        if deed == "cut":
            del raw[at:end]
        elif deed == "double":
            raw[at:at] = raw[at:end]
        elif deed == "put":
            raw[at:at] = draw(st.one_of(st.sampled_from(SPLICES), st.binary(max_size=20)))
        elif at < len(raw):
            raw[at] ^= 1 << draw(st.integers(0, 7))
    return bytes(raw)


def is_sound(event: Event) -> None:
    """What every database and every screen asks of an event."""
    json.dumps(event.as_json(), ensure_ascii=False).encode("utf-8")
    shown = [
        event.text,
        event.quoted,
        event.subject,
        event.html,
        event.author.name,
        *(one.name for one in event.attachments),
    ]
    assert all("\x00" not in (one or "") for one in shown)
    for name in (event.external_id, event.conversation, event.author.id):
        assert 0 < len(name) <= 1000
    assert all("/" in one.media_type and one.sha256 and one.size is not None for one in event.attachments)


@given(mutilated())
def test_no_mutilated_letter_is_an_exception(raw: bytes) -> None:
    event = parse(raw, ours=OURS)

    is_sound(event)
    assert event.problem is None or not raw.strip(b"\r\n\t \x00"), event.problem


@given(st.binary(max_size=300))
def test_no_bytes_are_an_exception(raw: bytes) -> None:
    is_sound(parse(raw, ours=OURS))
    is_sound(parse(b"From: a@b.example\nContent-Type: text/html\n\n" + raw))
    is_sound(parse(b"From: " + raw + b"\nSubject: " + raw + b"\nDate: " + raw + b"\n\n" + raw))
    is_sound(parse(b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x01\x00" + raw))


WORD = st.text("abcdefghijklmnopqrstuvwxyzéüñд道", min_size=2, max_size=9)
LINE = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
STYLES = (
    "{line}", "> {line}", ">> {line}", "On Mon, 23 Nov 2026 at 09:15, {line} <h@x.example> wrote:", "",
    "Pada Sen, 23 Nov 2026 09.15 {line} menulis:", "-----Original Message-----", "Dari: {line} <h@x.example>", "-- ",
    "Dikirim: 23 Nov 2026 {line}", "Kepada: {line}", "________________", "---------- Forwarded message ---------", " {line} ",
)  # fmt: skip
TEXT = st.lists(st.tuples(st.sampled_from(STYLES), LINE), min_size=1, max_size=14).map(
    lambda lines: "\n".join(style.format(line=line) for style, line in lines)
)
TAGS = ("<p>{}</p>", "<div>{}</div>", "<blockquote type='cite'>{}</blockquote>", "<table><tr><td>{}</td></tr></table>", "{}<br>",
        "<div class='gmail_quote'>{}</div>", "<div id='appendonsend'></div>{}", "<ul><li>{}</ul>", "<b>{}", "<span>{}</i>")  # fmt: skip
PAGE = st.lists(st.tuples(st.sampled_from(TAGS), LINE), min_size=1, max_size=10).map(
    lambda pieces: " ".join(tag.format(line) for tag, line in pieces)
)


@st.composite
def readable(draw: st.DrawFn) -> tuple[bytes, str]:
    """A whole letter of any shape, and every word a person could read in it."""
    is_page = draw(st.booleans())
    words = draw(PAGE if is_page else TEXT)
    charset = draw(st.sampled_from(("utf-8", "utf-16", "gb18030", "utf-7", "us-ascii", "iso-8859-1", "x-tak-ada", "")))
    data = words.encode(charset if charset in ("utf-16", "gb18030", "utf-7") else "utf-8")
    coding = draw(
        st.sampled_from(
            ("base64", "quoted-printable") if charset == "utf-16" else ("8bit", "base64", "quoted-printable")
        )
    )
    body = b64(data) if coding == "base64" else qp(data) if coding == "quoted-printable" else data
    kind = f"text/{'html' if is_page else 'plain'}" + (f"; charset={charset}" if charset else "")
    one = part(body, kind, f"Content-Transfer-Encoding: {coding}")
    for level in range(draw(st.integers(0, 3))):
        wrap = draw(st.sampled_from(("mixed", "alternative", "related", "signed", "mail")))
        if wrap == "mail":
            one = part(b"From: x@y.example\r\n" + one, "message/rfc822")
        else:
            one = branch(wrap, one, *([file(b"%PDF", "a.pdf")] * draw(st.integers(0, 1))), boundary=f"batas{level}")
    headers, _, content = one.partition(b"\r\n\r\n")
    raw = (
        letter(content, *headers.decode().split("\r\n"))
        if draw(st.booleans())
        else letter(joined(one), "Content-Type: multipart/mixed; boundary=batas")
    )
    return (raw if draw(st.booleans()) else raw.replace(b"\r\n", b"\n") if charset != "utf-16" else raw), words


@given(readable())
def test_no_word_is_lost(found: tuple[bytes, str]) -> None:
    raw, words = found

    event = parse(raw, ours=OURS)

    is_sound(event)
    written = set(re.findall(r"\w+", re.sub("<[^>]*>", " ", words) if "text/html" in raw.decode("latin-1") else words))
    kept = set(re.findall(r"\w+", f"{event.text} {event.quoted or ''}"))
    assert written <= kept, written - kept
    assert event.text.strip() or not written


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_every_beginning_of_a_recording_is_read(path: Path) -> None:
    raw = path.read_bytes()

    for cut in range(1, len(raw), max(1, len(raw) // 100)):
        event = parse(raw[:cut], ours=OURS)
        is_sound(event)
        assert event.type is not EventType.UNKNOWN
