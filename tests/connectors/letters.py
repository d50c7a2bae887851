"""Mails written by hand: plain ones with defaults that read as prose, and the nasty ones that programs really send."""

import base64
import quopri

OURS = "humas@kutim.example"


def letter(
    body: str | bytes = "Lampu jalan di depan pasar mati.",
    *headers: str,
    sender: str = "Siti Aminah <siti@warga.example>",
    subject: str = "Lampu jalan",
    message_id: str = "surat-1@warga.example",
) -> bytes:
    """A mail with CRLF line ends; `headers` are added as they are."""
    given = {line.partition(":")[0].lower() for line in headers}
    own = {
        "from": f"From: {sender}",
        "to": f"To: {OURS}",
        "subject": f"Subject: {subject}",
        "date": "Date: Mon, 23 Nov 2026 09:15:00 +0800",
        "message-id": f"Message-ID: <{message_id}>",
    }
    lines = [line for name, line in own.items() if name not in given]
    content = body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode()
    return "\r\n".join([*lines, *headers, "", ""]).encode("utf-8", "surrogateescape") + content


def part(body: str | bytes, kind: str = "text/plain; charset=utf-8", *headers: str) -> bytes:
    """One part of a multipart, without its delimiter."""
    content = body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode()
    return "\r\n".join([f"Content-Type: {kind}", *headers, "", ""]).encode() + content


def joined(*parts: bytes, boundary: str = "batas", closed: bool = True) -> bytes:
    """Parts between delimiters."""
    out = b"".join(b"--" + boundary.encode() + b"\r\n" + one + b"\r\n" for one in parts)
    return out + (b"--" + boundary.encode() + b"--\r\n" if closed else b"")


def multipart(kind: str, *parts: bytes, headers: tuple[str, ...] = (), boundary: str = "batas") -> bytes:
    """A whole mail of several parts."""
    return letter(joined(*parts, boundary=boundary), f'Content-Type: multipart/{kind}; boundary="{boundary}"', *headers)


def branch(kind: str, *parts: bytes, boundary: str) -> bytes:
    """A multipart to stand inside another."""
    return part(joined(*parts, boundary=boundary), f'multipart/{kind}; boundary="{boundary}"')


def b64(data: str | bytes) -> bytes:
    return base64.encodebytes(data if isinstance(data, bytes) else data.encode())


def qp(data: str | bytes) -> bytes:
    return quopri.encodestring(data if isinstance(data, bytes) else data.encode())


def file(content: bytes, name: str, kind: str = "application/pdf") -> bytes:
    return part(
        b64(content), kind, f'Content-Disposition: attachment; filename="{name}"', "Content-Transfer-Encoding: base64"
    )
