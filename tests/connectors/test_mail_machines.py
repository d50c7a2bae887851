"""Mail that no person wrote is known for what it is, so that nobody answers it and no loop begins."""

import pytest

from omnichannel.connectors.mail.parse import parse
from omnichannel.domain.message import Auto, Delivery, Event, EventType
from tests.connectors.letters import OURS, joined, letter, part

SENT = "kunci-1.surel-humas@kutim.example"


def read(raw: bytes) -> Event:
    return parse(raw, ours=OURS)


def report(kind: str, *parts: bytes, headers: tuple[str, ...] = ()) -> bytes:
    content_type = f"Content-Type: multipart/report; report-type={kind}; boundary=batas"
    return letter(joined(*parts), content_type, *headers, sender="Mail Delivery System <MAILER-DAEMON@mx.example>")


def status(*recipients: str, common: str = "Reporting-MTA: dns; mx.example") -> bytes:
    return part("\n\n".join([common, *recipients]), "message/delivery-status")


FAILED = (
    "Final-Recipient: rfc822; Siti@Warga.example\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <siti@warga.example>\n tidak dikenal"
)
ORIGINAL = part(f"Message-ID: <{SENT}>\nSubject: Re: Lampu\n", "text/rfc822-headers")


def test_a_bounce_names_our_mail_the_recipient_and_the_reason() -> None:
    event = read(report("delivery-status", part("Surat Anda tidak sampai."), status(FAILED), ORIGINAL))

    assert (event.type, event.auto, event.target) == (EventType.INCOMING, Auto.BOUNCE, SENT)
    assert event.text == "Surat Anda tidak sampai."
    assert event.error is not None
    assert event.error.code == "5.1.1"
    assert event.error.title == "siti@warga.example: 550 5.1.1 <siti@warga.example> tidak dikenal"


@pytest.mark.parametrize(
    "original",
    [
        part(letter("Jawaban kami", f"Message-ID: <{SENT}>"), "message/rfc822"),
        part(f"Message-ID: <{SENT}>\n\n", "text/rfc822-headers"),
        part(f"Surat Anda:\n\nFrom: x\nMessage-ID: <{SENT}>\nSubject: y\n"),
    ],
)
def test_our_mail_is_found_however_it_came_back(original: bytes) -> None:
    assert read(report("delivery-status", part("Gagal."), status(FAILED), original)).target == SENT


def test_without_the_original_the_references_name_it() -> None:
    raw = report("delivery-status", part("Gagal."), status(FAILED), headers=(f"In-Reply-To: <{SENT}>",))

    assert read(raw).target == SENT


def test_one_failure_among_several_recipients_is_a_bounce() -> None:
    fine = "Final-Recipient: rfc822; budi@warga.example\nAction: relayed\nStatus: 2.0.0"

    event = read(report("delivery-status", part("x"), status(fine, FAILED), ORIGINAL))

    assert event.auto is Auto.BOUNCE
    assert event.error is not None
    assert event.error.title.startswith("siti@warga.example")


def test_news_of_a_delay_is_no_failure() -> None:
    late = "Final-Recipient: rfc822; siti@warga.example\nAction: delayed\nStatus: 4.4.1"

    event = read(report("delivery-status", part("Belum sampai."), status(late), ORIGINAL))

    assert (event.auto, event.error) == (Auto.AUTO_REPLY, None)


def test_a_delivery_receipt_and_a_read_receipt_are_receipts() -> None:
    arrived = "Final-Recipient: rfc822; siti@warga.example\nAction: delivered\nStatus: 2.0.0"
    seen = f"Final-Recipient: rfc822; siti@warga.example\nOriginal-Message-ID: <{SENT}>\nDisposition: manual-action/MDN-sent-manually; displayed"

    one = read(report("delivery-status", part("Sampai."), status(arrived), ORIGINAL))
    two = read(report("disposition-notification", part("Dibaca."), part(seen, "message/disposition-notification")))

    assert (one.type, one.status, one.target) == (EventType.RECEIPT, Delivery.DELIVERED, SENT)
    assert (two.type, two.status, two.target) == (EventType.RECEIPT, Delivery.READ, SENT)
    assert two.external_id == f"{SENT}#receipt#read"


def test_the_head_of_our_mail_in_a_report_is_not_taken_for_history() -> None:
    words = "Surat ini:\n\nFrom: Humas <humas@kutim.example>\nTo: Siti\nSubject: Lampu\n\ntidak sampai."

    assert read(report("delivery-status", part(words), status(FAILED))).text == words


def test_deleted_unread_is_not_read() -> None:
    gone = f"Original-Message-ID: <{SENT}>\nDisposition: automatic-action/MDN-sent-automatically; deleted"

    event = read(report("disposition-notification", part("x"), part(gone, "message/disposition-notification")))

    assert (event.type, event.auto) == (EventType.INCOMING, Auto.AUTO_REPLY)


@pytest.mark.parametrize(
    ("sender", "subject", "headers"),
    [
        ("MAILER-DAEMON@mx.example", "Undelivered Mail Returned to Sender", ()),
        ("Mail Delivery Subsystem <mailer-daemon@googlemail.example>", "Delivery Status Notification (Failure)", ()),
        ("MAILER-DAEMON (Mail Delivery System)", "Undelivered Mail", ("Return-Path: <>",)),
        ("postmaster@warga.example", "Undeliverable: Lampu", ()),
        ("MAILER-DAEMON@mx.example", "failure notice", ()),
        ("Mail Delivery System <Mailer-Daemon@mx.example>", "Mail delivery failed: returning message", ("X-Failed-Recipients: siti@warga.example",)),
        ("postmaster@warga.example", "Surat tidak terkirim", ()),
    ],
)  # fmt: skip
def test_a_bounce_without_a_report(sender: str, subject: str, headers: tuple[str, ...]) -> None:
    body = f"This is the mail system.\n\n<siti@warga.example>:\n550 5.1.1 User unknown\n\n--- Copy\n\nMessage-ID: <{SENT}>\n"

    event = read(letter(body, *headers, sender=sender, subject=subject))

    assert (event.auto, event.target) == (Auto.BOUNCE, SENT)
    assert event.error is not None
    assert event.error.code == "5.1.1"
    assert "siti@warga.example" in event.error.title


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "Auto-Submitted: Auto-Notified; owner=x",
        "X-Autoreply: yes",
        "X-Autorespond: Lampu",
        "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply",
        "Precedence: auto_reply",
        "X-POST-MessageClass: 9; Autoresponder",
        "Delivered-To: Autoresponder",
        "Return-Path: <>",
        "Subject: Automatic reply: Lampu",
        "Subject: Out of Office: Lampu",
        "Subject: Balasan otomatis: Lampu",
        "Subject: Jawaban Otomatis",
        "Subject: =?utf-8?q?Sedang_cuti_sampai_Senin?=",
        "Subject: [Humas] Pesan otomatis",
    ],
)
def test_an_absence_note(header: str) -> None:
    assert read(letter("Saya sedang cuti.", header)).auto is Auto.AUTO_REPLY


@pytest.mark.parametrize(
    "headers",
    [
        ("List-Id: Warga <warga.milis.example>",),
        ("List-Post: <mailto:warga@milis.example>",),
        ("Precedence: list",),
        ("Precedence: bulk",),
        ("Mailing-List: warga@milis.example",),
        ("List-Id: <x.example>", "Auto-Submitted: auto-generated"),
        ("List-Unsubscribe: <mailto:keluar@x.example>",),
    ],
)
def test_a_list(headers: tuple[str, ...]) -> None:
    assert read(letter("Edaran bulan ini.", *headers)).auto is Auto.LIST


@pytest.mark.parametrize(
    "headers",
    [
        (),
        ("Auto-Submitted: no",),
        ("Precedence: first-class",),
        ("Return-Path: <siti@warga.example>",),
        ("Subject: Re: Balasan otomatis dari kantor",),
        ("Subject: Keluhan: surat tidak terkirim",),
        ("Subject: Otomatis mati lampu",),
        ("Disposition-Notification-To: siti@warga.example",),
        ("Sensitivity: Personal",),
    ],
)
def test_a_persons_mail_is_a_persons(headers: tuple[str, ...]) -> None:
    event = read(letter("Lampu mati.", *headers))

    assert (event.type, event.auto, event.error) == (EventType.INCOMING, None, None)


@pytest.mark.parametrize("subject", [
    "Automatisk svar: x", "Automaattinen vastaus: x", "Automatyczna odpowiedź: x", "Odpověď v nepřítomnosti: x",
    "Otomatik Yanıt: x", "Автоответ: x", "自动回复: x", "自動返信: x", "부재 중: x", "Fuera de la oficina: x",
    "Fora do escritório: x", "Absence du bureau: x", "Away from the office", "Tidak di kantor: cuti",
    "Kepala Bidang/DINAS/CONTOH is out of the office",
])  # fmt: skip
def test_an_absence_note_is_known_in_its_own_language(subject: str) -> None:
    raw = f"From: a@contoh.id\r\nTo: {OURS}\r\nSubject: {subject}\r\nList-Id: <x>\r\n\r\nSaya cuti.\r\n".encode()

    assert read(raw).auto is Auto.AUTO_REPLY


@pytest.mark.parametrize(
    "subject", ["Kantor tutup?", "Otomatis saja", "Jalan rusak", "Saya di luar negeri", "Auto saya hilang"]
)
def test_a_citizens_subject_is_no_absence_note(subject: str) -> None:
    assert read(f"From: a@contoh.id\r\nTo: {OURS}\r\nSubject: {subject}\r\n\r\nHalo.\r\n".encode()).auto is None
