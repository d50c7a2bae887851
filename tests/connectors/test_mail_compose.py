"""Our letter as bytes: threads that hold together, and headers nobody can slip into."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from omnichannel.connectors.mail.compose import composed, message_id
from omnichannel.connectors.mail.connector import MailConnector
from omnichannel.connectors.mail.quote import fold, lines_of
from omnichannel.connectors.mail.settings import post_of
from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.message import Outgoing, OutgoingFile
from omnichannel.domain.office import Account


def an_answer(text: str = "Baik, kami periksa.", **more: Any) -> Outgoing:
    siti = Address("surat-1@warga.example", Surface.DIRECT, "siti@warga.example")
    return Outgoing(key="kunci-1", address=siti, text=text, **more)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def written(outgoing: Outgoing, **options: Any) -> bytes:
    post = post_of(Account("surel", Channel.MAIL, {"address": "humas@kutim.example", **options}))
    now = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
    return composed(outgoing, post, to="siti@warga.example", own_id=message_id(outgoing, post), now=now)


def test_a_given_message_id_is_kept_and_a_second_attempt_is_the_same_mail() -> None:
    assert (
        read(written(an_answer(message_id="<milik-kita@kutim.example>")))["Message-ID"] == "<milik-kita@kutim.example>"
    )
    assert written(an_answer()) == written(an_answer())


def test_long_ids_are_not_folded_into_encoded_words() -> None:
    ids = tuple(f"{'x' * 150}{number}@warga.example" for number in range(80))

    raw = written(an_answer(reply_to=ids[-1], references=ids, message_id=ids[3]))

    assert f"\r\nIn-Reply-To: <{ids[-1]}>\r\n".encode() in raw
    assert f"\r\nMessage-ID: <{ids[3]}>\r\n".encode() in raw
    assert read(raw)["References"].split()[0] == f"<{ids[0]}>"
    assert read(raw)["References"].split()[-1] == f"<{ids[-1]}>"
    assert max(len(line) for line in raw.split(b"\r\n")) < 998


def test_the_history_stands_below_the_answer_and_is_folded_when_it_comes_back() -> None:
    history = "Pada 23 November 2026 pukul 09.15 WITA, Siti menulis:\n> Lampu jalan mati.\n>\n> Tolong, ya…"

    body = read(
        written(an_answer("Besok pagi.\n\nSalam", quoted=history, files=(OutgoingFile("a.txt", "text/plain", b"x"),)))
    )
    text = body.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == f"Besok pagi.\n\nSalam\n\n{history}\n"
    answer = fold(lines_of(f"Terima kasih.\n\n{history}"))
    assert (answer.text, answer.quoted) == ("Terima kasih.", history)


def test_whether_history_goes_along_is_the_accounts_choice() -> None:
    def repeats(**options: Any) -> bool:
        account = Account("surel", Channel.MAIL, {"address": "humas@kutim.example", **options})
        return MailConnector(account).surfaces[Surface.DIRECT].history

    assert repeats()
    assert repeats(history="yes")
    assert not repeats(history="no")


def test_an_automatic_letter_says_so() -> None:
    letter = read(written(an_answer(automatic=True)))

    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["X-Auto-Response-Suppress"] == "All"


def test_the_thread_token_is_in_reply_to_only_where_the_server_takes_it() -> None:
    assert read(written(an_answer(token="5f0c"), plus_address=True))["Reply-To"] == "humas+5f0c@kutim.example"
    assert read(written(an_answer(token="5f0c")))["Reply-To"] is None


def test_files_come_along_under_their_own_names() -> None:
    files = (
        OutgoingFile("surat é.pdf", "application/pdf", b"%PDF\x00\xff"),
        OutgoingFile("../a\r\nBcc: x@y.example", "nonsense\r\nX: y", b"isi"),
        OutgoingFile("asli.eml", "message/rfc822", b"From: x\r\n\r\nisi"),
    )

    found = list(read(written(an_answer(files=files))).iter_attachments())

    assert [one.get_filename() for one in found] == ["surat é.pdf", "a Bcc: x@y.example", "asli.eml"]
    assert [one.get_content_type() for one in found] == ["application/pdf", *["application/octet-stream"] * 2]
    assert [one.get_payload(decode=True) for one in found] == [file.content for file in files]


ODD = st.text(st.characters(codec="utf-8") | st.sampled_from("\r\n\x00:<>\u2028\x85"), max_size=60)


@given(subject=ODD, reply=ODD, references=st.lists(ODD, max_size=3), own=ODD, token=ODD, key=ODD, name=ODD)
def test_no_word_of_anybody_becomes_a_header(
    subject: str, reply: str, references: list[str], own: str, token: str, key: str, name: str
) -> None:
    outgoing = an_answer(
        subject=subject, reply_to=reply, references=tuple(references), message_id=own, token=token,
        files=(OutgoingFile(name, "text/plain", b"isi"),),
    )  # fmt: skip

    raw = written(replace(outgoing, key=key), plus_address=True)

    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if not line.startswith(b" ")]
    allowed = {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Reply-To",
        "MIME-Version",
        "Content-Type",
    }
    assert set(names) <= allowed
    assert len(set(names)) == len(names)
    assert head.isascii()


def test_a_very_long_subject_is_folded_and_kept() -> None:
    subject = "Lampu jalan di depan pasar " * 40

    raw = written(an_answer(subject=subject))

    assert max(len(line) for line in raw.split(b"\r\n")) < 200
    assert " ".join(str(read(raw)["Subject"]).split()) == subject.strip()
