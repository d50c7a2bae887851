"""What a citizen wrote now, and the history their program hung on: folded, never lost."""

import re

import pytest

from omnichannel.connectors.mail.parse import parse
from omnichannel.domain.message import Event
from tests.connectors.letters import letter, multipart, part

NEW = "Terima kasih, lampunya sudah nyala."
OLD = "Apakah lampunya sudah nyala kembali?"


def read(body: str, *headers: str, subject: str = "Re: Lampu") -> Event:
    return parse(letter(body, *headers, subject=subject))


def vocabulary(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


PLAIN = {
    "gmail, Indonesian": f"{NEW}\n\nPada tanggal Sen, 23 Nov 2026 pukul 09.15 Humas <humas@x.example> menulis:\n\n> {OLD}\n",
    "gmail, wrapped": f"{NEW}\n\nOn Mon, Nov 23, 2026 at 9:15 AM Humas Kabupaten Kutai Timur\n<humas@x.example> wrote:\n\n> {OLD}\n> lagi\n",
    "gmail, wrapped oddly": f"{NEW}\n\nPada Sen, 23 Nov 2026 09.15,\nHumas Kabupaten Kutai Timur <\nhumas@x.example> menulis:\n> {OLD}\n",
    "apple": f"{NEW}\n\nDikirim dari iPhone saya\n\n> Pada 23 Nov 2026, pukul 09.15, Humas <humas@x.example> menulis:\n> \n> {OLD}\n",
    "apple, no mark": f"{NEW}\n\nOn 23 Nov 2026, at 09.15, Humas <humas@x.example> wrote:\n\n{OLD}\n",
    "outlook, Indonesian": f"{NEW}\n\n________________________________\nDari: Humas <humas@x.example>\nDikirim: Senin, 23 November 2026 09:15\nKepada: Siti\nPerihal: Re: Lampu\n\n{OLD}\n",
    "outlook, English": f"{NEW}\n\nFrom: Humas <humas@x.example>\nSent: Monday, November 23, 2026 9:15 AM\nTo: Siti\nSubject: Re: Lampu\n\n{OLD}\n",
    "outlook, bold": f"{NEW}\n\n*From:* Humas\n*Sent:* Monday, November 23, 2026 9:15 AM\n*To:* Siti\n*Subject:* Re: Lampu\n\n{OLD}\n",
    "old outlook": f"{NEW}\n\n-----Original Message-----\nFrom: Humas\n\n{OLD}\n",
    "original in Indonesian": f"{NEW}\n\n----- Pesan Asli -----\nDari: Humas\n\n{OLD}\n",
    "yahoo": f"{NEW}\n\n    Pada Senin, 23 November 2026 09.15.00 WITA, Humas <humas@x.example> menulis:\n\n {OLD}\n",
    "thunderbird": f"{NEW}\n\nOn 23/11/2026 09:15, Humas wrote:\n> {OLD}\n",
    "iso date": f"{NEW}\n\n2026-11-23 9:15 GMT+08:00 Humas <humas@x.example>:\n\n> {OLD}\n",
    "German": f"{NEW}\n\nAm Mo., 23. Nov. 2026 um 09:15 Uhr schrieb Humas <humas@x.example>:\n\n> {OLD}\n",
    "answer below": f"On Mon, 23 Nov 2026 at 09:15, Humas <humas@x.example> wrote:\n> {OLD}\n> lagi\n\n{NEW}\n",
    "only marks": f"{NEW}\n\n> {OLD}\n>> lebih lama lagi\n",
    "marks without blanks": f"{NEW}\n>{OLD}\n>>lama\n",
}


@pytest.mark.parametrize("name", PLAIN)
def test_history_is_folded(name: str) -> None:
    event = read(PLAIN[name])

    assert NEW in event.text
    assert OLD not in event.text
    assert OLD in (event.quoted or "")
    assert vocabulary(PLAIN[name]) <= vocabulary(f"{event.text} {event.quoted}")


@pytest.mark.parametrize("name", [name for name in PLAIN if not name.startswith(("apple", "answer below"))])
def test_nothing_of_the_history_stays_in_the_text(name: str) -> None:
    assert read(PLAIN[name]).text == NEW


def test_answers_between_the_lines_stay_with_what_they_answer() -> None:
    body = "Pada 23 Nov 2026 09.15, Humas menulis:\n> Di mana?\nDi depan pasar.\n> Sejak kapan?\nSejak Minggu.\n> Salam,\n> Humas\n"

    event = read(body)

    assert [line for line in event.text.split("\n") if line][-4:] == [
        "> Di mana?", "Di depan pasar.", "> Sejak kapan?", "Sejak Minggu.",
    ]  # fmt: skip
    assert event.quoted == "> Salam,\n> Humas"


def test_a_long_quote_between_answers_is_folded_and_the_answers_are_not() -> None:
    history = "\n".join(f"> baris lama {number}" for number in range(50))

    event = read(f"{history}\nSetuju.\n{history}\nSampai di sini saja.\n")

    assert event.text == "Setuju.\nSampai di sini saja."
    assert (event.quoted or "").count("baris lama") == 100


LETTERS = {
    "a letter's own head": "Kepada Yth. Bupati\nDari: Siti, RT 3\nKepada: Bupati\nPerihal: Lampu jalan\n\nLampu jalan mati.",
    "words that look like an attribution": "Pada 3 Maret 2026 Bapak Camat menulis:\nJalan akan diperbaiki.\nKapan?",
    "on as a word": "On the road:\nthe lamp is dead",
    "arrows": "Rute: pasar -> sekolah\n-> balai desa",
    "mbox's own mark": "Halo\n>From sini sampai sana rusak",
    "a list with dashes": "- satu\n-----\n- dua",
    "from as a label": "Laporan\nDari: warga\nUntuk: dinas",
    "a ruled line": "Nama: Siti\n____________\nAlamat: Jalan Poros",
}


@pytest.mark.parametrize("name", LETTERS)
def test_a_citizens_own_words_are_not_taken_for_history(name: str) -> None:
    event = read(LETTERS[name])

    assert event.text == LETTERS[name]
    assert event.quoted is None


@pytest.mark.parametrize(
    "body",
    [
        f"> {OLD}\n> lagi",
        f"On Mon, 23 Nov 2026 at 09:15, Humas <h@x.example> wrote:\n> {OLD}",
        f"-----Original Message-----\nFrom: x\n\n{OLD}",
        f"From: Humas <h@x.example>\nSent: Monday 9:15\nTo: x\n\n{OLD}",
    ],
)
def test_a_mail_that_is_all_quote_is_shown(body: str) -> None:
    event = read(body)

    assert OLD in event.text
    assert event.quoted is None


@pytest.mark.parametrize(
    ("mark", "subject"),
    [
        ("---------- Forwarded message ---------\nFrom: Pak RT <rt@x.example>\nDate: Mon, 23 Nov 2026\nSubject: Lampu\nTo: Siti", "Fwd: Lampu"),
        ("---------- Pesan terusan ---------\nDari: Pak RT <rt@x.example>\nDate: Sen, 23 Nov 2026\nSubject: Lampu", "Fwd: Lampu"),
        ("Begin forwarded message:\n\nFrom: Pak RT <rt@x.example>\nSubject: Lampu\nDate: 23 November 2026\nTo: Siti", "Lampu"),
        ("________________________________\nDari: Pak RT <rt@x.example>\nDikirim: Senin 09:15\nKepada: Siti\nPerihal: Lampu", "Fw: Lampu"),
    ],
)  # fmt: skip
def test_what_a_citizen_forwards_is_what_they_say(mark: str, subject: str) -> None:
    event = read(f"Mohon ditindaklanjuti.\n\n{mark}\n\n{OLD}", subject=subject)

    assert OLD in event.text
    assert "Mohon ditindaklanjuti." in event.text


HTML = {
    "gmail": f'<div dir="ltr">{NEW}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Pada tanggal Sen, 23 Nov 2026 pukul 09.15 Humas &lt;<a href="mailto:h@x">h@x</a>&gt; menulis:<br></div><blockquote class="gmail_quote" style="margin:0">{OLD}</blockquote></div>',
    "apple": f'<div>{NEW}</div><div><br><blockquote type="cite"><div>On 23 Nov 2026, Humas wrote:</div><div>{OLD}</div></blockquote></div>',
    "outlook web": f'<div>{NEW}</div><div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg"><b>Dari:</b> Humas</div><div>{OLD}</div>',
    "outlook desktop": f'<p class=MsoNormal>{NEW}</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class=MsoNormal><b>From:</b> Humas</p></div></div><p class=MsoNormal>{OLD}</p>',
    "yahoo": f'<div>{NEW}</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>Pada Senin, Humas menulis:</div><div>{OLD}</div></div>',
    "thunderbird": f'<p>{NEW}</p><div class="moz-cite-prefix">On 23/11/26 09:15, Humas wrote:<br></div><blockquote type="cite" cite="mid:x"><p>{OLD}</p></blockquote>',
    "no classes at all": f"<p>{NEW}</p><p>-----Original Message-----<br>From: Humas</p><p>{OLD}</p>",
}


@pytest.mark.parametrize("name", HTML)
def test_history_in_html_is_folded(name: str) -> None:
    event = read(HTML[name], "Content-Type: text/html; charset=utf-8")

    assert event.text == NEW
    assert OLD in (event.quoted or "")
    assert event.html == HTML[name]


def test_answers_between_html_quotes_stay_with_them() -> None:
    body = (
        '<div class="gmail_quote"><div class="gmail_attr">Pada Sen, Humas &lt;h@x&gt; menulis:</div>'
        '<blockquote class="gmail_quote">Di mana?</blockquote><div>Di pasar.</div>'
        '<blockquote class="gmail_quote">Sejak kapan?</blockquote><div>Minggu.</div></div>'
    )

    event = read(body, "Content-Type: text/html")

    assert "> Di mana?\nDi pasar." in event.text
    assert "> Sejak kapan?\nMinggu." in event.text


def test_what_no_reader_sees_is_not_in_the_text() -> None:
    page = "<head><title>t</title><style>p{color:red}</style><script>curi()</script></head><p>Halo</p><!-- rahasia -->"

    assert read(page, "Content-Type: text/html").text == "Halo"


def test_a_table_keeps_its_rows() -> None:
    page = "<table><tr><td>Nama</td><td>Siti</td></tr><tr><td>RT</td><td>3</td></tr></table>"

    assert read(page, "Content-Type: text/html").text == "Nama  Siti\nRT  3"


def test_the_plain_rendering_is_the_one_that_is_read() -> None:
    event = parse(multipart("alternative", part("Halo *Bupati*"), part("<p>Halo <b>Bupati</b></p>", "text/html")))

    assert event.text == "Halo *Bupati*"


def test_a_stub_beside_the_real_letter_is_folded_not_lost() -> None:
    stub = "Penampil surat Anda tidak mendukung HTML."
    event = parse(multipart("alternative", part(stub), part(f"<p>{NEW} {OLD} {NEW} {OLD}</p>", "text/html")))

    assert event.text.startswith(NEW)
    assert event.quoted == stub
