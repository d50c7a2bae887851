"""Letters that nobody would send and every office receives: (name, bytes, words that must be readable)."""

from tests.connectors.letters import b64, branch, file, joined, letter, multipart, part, qp

WORDS = "Jalan poros rusak parah"
CHINESE = "道路坏了请修理"
JAPANESE = "道路が壊れています"
GREEK = "δρόμος"


def _typed(body: str | bytes, content_type: str, *headers: str) -> bytes:
    return letter(body, f"Content-Type: {content_type}", *headers)


def _encoded(body: bytes, encoding: str, content_type: str = "text/plain; charset=utf-8") -> bytes:
    return letter(body, f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}")


def _uu(content: bytes, name: str) -> bytes:
    import binascii

    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    return b"begin 644 " + name.encode() + b"\r\n" + b"".join(lines) + b"`\r\nend\r\n"


def _yenc(content: bytes, name: str) -> bytes:
    out = bytearray()
    for byte in content:
        value = (byte + 42) % 256
        out += bytes([61, (value + 64) % 256]) if value in (0, 10, 13, 61) else bytes([value])
    return b"=ybegin line=128 size=%d name=%b\r\n%b\r\n=yend size=%d\r\n" % (
        len(content), name.encode(), bytes(out), len(content)
    )  # fmt: skip


def _nested(levels: int) -> bytes:
    head = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n'
    inside = b"".join(b"--b%d\r\n" % level + head % (level + 1) for level in range(levels))
    return b"From: a@b.example\r\n" + head % 0 + inside + b"--b%d\r\n\r\n" % levels + WORDS.encode()


def _mails_in_mails(levels: int) -> bytes:
    out = letter(WORDS)
    for _ in range(levels):
        out = letter(out, "Content-Type: message/rfc822")
    return out


HTML = f"<html><body><p>{WORDS}</p></body></html>"
PDF = file(b"%PDF-1.4 isi", "surat.pdf")
MULTI = joined(part(WORDS), PDF)

CASES: dict[str, tuple[bytes, str]] = {
    # ---- charsets
    "ascii that is UTF-8": (_typed(f"{WORDS} é", "text/plain; charset=us-ascii"), f"{WORDS} é"),
    "ascii that is windows-1252": (
        _typed("“Jalan” – é".encode("cp1252"), "text/plain; charset=us-ascii"),
        "“Jalan” – é",
    ),
    "latin-1 with windows quotes": (_typed("“Jalan”".encode("cp1252"), "text/plain; charset=iso-8859-1"), "“Jalan”"),
    "utf-8 that is latin-1": (_typed("Jalan café".encode("latin-1"), "text/plain; charset=utf-8"), "Jalan café"),
    "utf-8 with one broken byte": (
        _typed("Jalan é".encode() + b"\xe9 rusak", "text/plain; charset=utf-8"),
        "Jalan éé rusak",
    ),
    "no charset, utf-8": (letter("Jalan é — rusak"), "Jalan é — rusak"),
    "no charset, latin-1": (letter("Jalan é rusak".encode("latin-1")), "Jalan é rusak"),
    "unknown charset": (_typed(f"{WORDS} é", "text/plain; charset=x-nenek-moyang"), f"{WORDS} é"),
    "charset that is a codec but no charset": (_typed(WORDS, "text/plain; charset=hex"), WORDS),
    "charset rot13": (_typed(WORDS, "text/plain; charset=rot13"), WORDS),
    "charset in quotes and spaces": (
        _typed("Jalan é".encode("latin-1"), 'text/plain; charset=" ISO-8859-1 "'),
        "Jalan é",
    ),
    "charset twice": (_typed("Jalan é", "text/plain; charset=utf-8; charset=iso-8859-1"), "Jalan é"),
    "utf-7": (_typed("Jalan +AOk- rusak", "text/plain; charset=utf-7"), "Jalan é rusak"),
    "utf-7 that is none": (_typed("Telepon +62 812 Jalan", "text/plain; charset=utf-7"), "Telepon +62 812 Jalan"),
    "utf-16 with mark": (_encoded(b64(WORDS.encode("utf-16")), "base64", "text/plain; charset=utf-16"), WORDS),
    "utf-16 without mark": (_encoded(b64(WORDS.encode("utf-16-le")), "base64", "text/plain; charset=utf-16"), WORDS),
    "utf-16 that is ascii": (_typed(WORDS, "text/plain; charset=utf-16"), WORDS),
    "utf-32": (_encoded(b64(WORDS.encode("utf-32")), "base64", "text/plain; charset=utf-32"), WORDS),
    "gb2312 that is gbk": (_typed("朱镕基 路".encode("gbk"), "text/plain; charset=gb2312"), "朱镕基 路"),
    "gbk that is utf-8": (_typed(CHINESE, "text/plain; charset=gbk"), CHINESE),
    "gb18030": (_typed(CHINESE.encode("gb18030"), "text/plain; charset=GB18030"), CHINESE),
    "big5": (_typed("道路壞了".encode("big5"), "text/plain; charset=Big5"), "道路壞了"),
    "iso-2022-jp": (_typed(JAPANESE.encode("iso2022_jp"), "text/plain; charset=ISO-2022-JP"), JAPANESE),
    "iso-2022-jp unlabelled": (letter(JAPANESE.encode("iso2022_jp")), JAPANESE),
    "shift_jis with windows letters": (_typed("①道路".encode("cp932"), "text/plain; charset=shift_jis"), "①道路"),
    "euc-kr": (_typed("도로가".encode("euc-kr"), "text/plain; charset=ks_c_5601-1987"), "도로가"),
    "hz": (_typed(CHINESE.encode("hz"), "text/plain; charset=hz-gb-2312"), CHINESE),
    "koi8-r": (_typed("дорога".encode("koi8-r"), "text/plain; charset=koi8-r"), "дорога"),
    "iso-8859-7": (_typed(GREEK.encode("iso8859-7"), "text/plain; charset=iso-8859-7"), GREEK),
    "windows-874": (_typed("ถนน".encode("cp874"), "text/plain; charset=tis-620"), "ถนน"),
    "byte-order mark in the text": (_typed(b"\xef\xbb\xbf" + WORDS.encode(), "text/plain"), WORDS),
    "NULs in the text": (letter(b"Jalan\x00 poros\x00 rusak parah"), WORDS),
    "only html says its charset": (
        _typed('<html><meta charset="windows-1251"><p>дорога</p></html>'.encode("cp1251"), "text/html"),
        "дорога",
    ),
    # ---- transfer encodings
    "base64": (_encoded(b64(WORDS), "base64"), WORDS),
    "base64 in capitals with a comment": (_encoded(b64(WORDS), "BASE64 (surat)"), WORDS),
    "base64 without padding": (_encoded(b64(WORDS + "!").replace(b"=", b""), "base64"), WORDS),
    "base64 with rubbish": (_encoded(b64(WORDS)[:8] + b"!!\x00*" + b64(WORDS)[8:], "base64"), WORDS),
    "base64 url-safe": (
        _encoded(b64("Jalan ???>>>é").replace(b"+", b"-").replace(b"/", b"_"), "base64"),
        "Jalan ???>>>é",
    ),
    "base64 with a list's footer": (_encoded(b64(WORDS) + b"\r\nBerhenti berlangganan di sini.", "base64"), WORDS),
    "base64 in two padded pieces": (_encoded(b64("Jalan poros ") + b64("rusak parah"), "base64"), "Jalan poros"),
    "base64 that is plain text": (_encoded(b"Jalan poros rusak parah\r\nMohon segera diperbaiki ya", "base64"), WORDS),
    "quoted-printable": (_encoded(qp("Jalan é rusak"), "quoted-printable"), "Jalan é rusak"),
    "quoted-printable with a blank behind the break": (
        _encoded(b"Jalan poros ru= \r\nsak parah", "quoted-printable"),
        WORDS,
    ),
    "quoted-printable cut in an escape": (_encoded(WORDS.encode() + b"=E", "quoted-printable"), WORDS),
    "quoted-printable that is none": (
        _encoded(b"a=b & 100% Jalan =) poros", "quoted-printable"),
        "100% Jalan =) poros",
    ),
    "quoted-printable in small letters": (_encoded(b"Jalan =c3=a9", "Quoted_Printable"), "Jalan é"),
    "unknown transfer encoding": (_encoded(WORDS.encode(), "x-rahasia"), WORDS),
    "uuencoded body": (_encoded(_uu(WORDS.encode(), "x"), "x-uuencode"), WORDS),
    # ---- headers
    "mbox line first": (b"From siti@warga.example Mon Nov 23 09:15:00 2026\r\n" + letter(WORDS), WORDS),
    "quoted mbox line first": (b">From siti Mon Nov 23 09:15:00 2026\n" + letter(WORDS), WORDS),
    "blank lines first": (b"\r\n\r\n" + letter(WORDS), WORDS),
    "byte-order mark first": (b"\xef\xbb\xbf" + letter(WORDS), WORDS),
    "bare line feeds": (letter(WORDS).replace(b"\r\n", b"\n"), WORDS),
    "bare returns": (letter(WORDS).replace(b"\r\n", b"\r"), WORDS),
    "doubled returns": (letter(WORDS).replace(b"\r\n", b"\r\r\n"), WORDS),
    "no headers": (WORDS.encode(), WORDS),
    "no headers but a colon": (f"Halo: {WORDS}".encode(), f"Halo: {WORDS}"),
    "no body": (letter(""), ""),
    "headers without an end": (f"From: a@b.example\r\nSubject: {WORDS}".encode(), ""),
    "no blank line before the text": (f"From: a@b.example\r\nSubject: s\r\n{WORDS}\r\nlagi".encode(), WORDS),
    "a value broken without indent": (
        f"From: a@b.example\nSubject: satu\ndua tiga\nDate: x\n\n{WORDS}".encode(),
        WORDS,
    ),
    "a blank-looking line among headers": (f"From: a@b.example\n \nSubject: s\n\n{WORDS}".encode(), WORDS),
    "NULs in headers": (letter(WORDS, "X-Aneh: a\x00b"), WORDS),
    "raw bytes in headers": (letter(WORDS, "X-Aneh: \udcff\udcfe"), WORDS),
    "everything twice": (letter(WORDS, "Subject: kedua", "From: lain@x.example", "Subject: ketiga"), WORDS),
    "content type without slash": (_typed(WORDS, "text"), WORDS),
    "content type empty": (_typed(WORDS, ""), WORDS),
    "content type of nonsense": (_typed(WORDS, ";;;===;charset"), WORDS),
    "html without a content type": (letter(HTML), WORDS),
    "utf-16 file": (letter(WORDS).decode().encode("utf-16"), WORDS),
    # ---- structure
    "alternative": (multipart("alternative", part(WORDS), part(HTML, "text/html")), WORDS),
    "html only": (_typed(HTML, "text/html; charset=utf-8"), WORDS),
    "html with an empty plain": (multipart("alternative", part("  \n"), part(HTML, "text/html")), WORDS),
    "html with a stub": (
        multipart(
            "alternative", part("This message is in HTML, use an HTML mail reader."), part(HTML * 9, "text/html")
        ),
        WORDS,
    ),
    "html deep beyond any tree": (_typed("<div>" * 5000 + WORDS + "</div>" * 5000, "text/html"), WORDS),
    "html that is cut off": (_typed(f"<html><body><table><tr><td>{WORDS}<div", "text/html"), WORDS),
    "html with stray signs": (_typed(f"<p>{WORDS} 3 < 5 & 7 > 2</p>", "text/html"), f"{WORDS} 3 < 5 & 7 > 2"),
    "html with Outlook's conditions": (_typed(f"<!--[if mso]><i>x</i><![endif]--><p>{WORDS}</p>", "text/html"), WORDS),
    "related in alternative in mixed": (
        multipart(
            "mixed",
            branch(
                "alternative", part(WORDS), branch("related", part(HTML, "text/html"), PDF, boundary="r"), boundary="a"
            ),
            PDF,
        ),
        WORDS,
    ),
    "two texts around a file": (multipart("mixed", part("Jalan poros"), PDF, part("rusak parah")), "rusak parah"),
    "missing closing delimiter": (
        letter(joined(part(WORDS), PDF, closed=False), "Content-Type: multipart/mixed; boundary=batas"),
        WORDS,
    ),
    "boundary not declared": (letter(MULTI, "Content-Type: multipart/mixed"), WORDS),
    "wrong boundary": (letter(MULTI, "Content-Type: multipart/mixed; boundary=lain"), WORDS),
    "boundary with blanks behind": (
        letter(MULTI.replace(b"--batas", b"--batas   "), "Content-Type: multipart/mixed; boundary=batas"),
        WORDS,
    ),
    "boundary that begins another": (
        multipart("mixed", branch("mixed", part(WORDS), boundary="batas-dalam"), PDF),
        WORDS,
    ),
    "same boundary on two levels": (multipart("mixed", branch("mixed", part(WORDS), boundary="batas"), PDF), WORDS),
    "multipart without content type header": (letter(MULTI), WORDS),
    "multipart that calls itself html": (letter(MULTI, "Content-Type: text/html; boundary=batas"), WORDS),
    "words between a closing delimiter and the next part": (
        letter(
            joined(part("lain")) + f"MIME {WORDS}\r\n".encode() + joined(PDF),
            "Content-Type: multipart/mixed; boundary=batas",
        ),
        WORDS,
    ),
    "multipart without parts": (letter(WORDS, "Content-Type: multipart/mixed; boundary=x"), WORDS),
    "multipart in base64": (
        letter(b64(MULTI), "Content-Type: multipart/mixed; boundary=batas", "Content-Transfer-Encoding: base64"),
        WORDS,
    ),
    "text before the first part": (
        letter(
            f"{WORDS}\r\n".encode() + MULTI.replace(WORDS.encode(), b"lain"),
            "Content-Type: multipart/mixed; boundary=batas",
        ),
        WORDS,
    ),
    "text behind the last part": (
        letter(
            MULTI.replace(WORDS.encode(), b"lain") + WORDS.encode(), "Content-Type: multipart/mixed; boundary=batas"
        ),
        WORDS,
    ),
    "part without headers": (multipart("mixed", b"\r\n" + WORDS.encode()), WORDS),
    "part without a blank line": (multipart("mixed", WORDS.encode()), WORDS),
    "a thousand levels": (_nested(1000), WORDS),
    "a thousand mails in mails": (_mails_in_mails(1000), WORDS),
    "forwarded as a file": (multipart("mixed", part("Mohon dicek"), part(letter(WORDS), "message/rfc822")), WORDS),
    "nothing but a forwarded file": (multipart("mixed", part(letter(WORDS), "message/rfc822")), WORDS),
    "forwarded file in base64": (
        multipart("mixed", part(b64(letter(WORDS)), "message/rfc822", "Content-Transfer-Encoding: base64")),
        WORDS,
    ),
    "digest": (multipart("digest", b"\r\n" + letter(WORDS)), WORDS),
    "signed": (
        multipart("signed", part(WORDS), part("-----BEGIN PGP SIGNATURE-----", "application/pgp-signature")),
        WORDS,
    ),
    "clearsigned": (
        letter(
            f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{WORDS}\n-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\n"
        ),
        WORDS,
    ),
    "uuencoded file in the text": (letter(WORDS.encode() + b"\r\n" + _uu(b"isi berkas", "foto.jpg")), WORDS),
    "uuencode that is none": (letter(f"begin 644 bersama\n{WORDS}\nend\n"), WORDS),
    "yEnc": (letter(WORDS.encode() + b"\r\n" + _yenc(bytes(range(256)), "foto.jpg")), WORDS),
    "inline text with a name": (multipart("mixed", part(WORDS, 'text/plain; name="isi.txt"')), WORDS),
    "flowed": (_typed("Jalan poros \nrusak \nparah", "text/plain; format=flowed"), WORDS),
    "flowed without spaces": (_typed("Jalan poros ru \nsak parah", "text/plain; format=flowed; delsp=yes"), WORDS),
    "enriched": (_typed(f"<bold>{WORDS}</bold>", "text/enriched"), WORDS),
    "invitation only": (_typed(f"BEGIN:VCALENDAR\nSUMMARY:{WORDS}\nEND:VCALENDAR", "text/calendar"), WORDS),
    "unknown text type": (_typed(WORDS, "text/x-bukan-apa-apa"), WORDS),
    "cut in the middle": (multipart("mixed", part(WORDS), PDF)[:-60], WORDS),
}
