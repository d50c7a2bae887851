"""A post office on loopback: the office's mailbox over IMAP, its letters over SMTP, and citizens with mail programs."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from omnichannel.domain.channel import Channel
from omnichannel.toys import mail_imap, mail_smtp
from omnichannel.toys.base import Chat, Line, ToyFile
from omnichannel.toys.mail_imap import Counter, Folder
from omnichannel.toys.mail_smtp import Envelope, LetterBox
from omnichannel.toys.mail_tokens import Gate
from omnichannel.toys.serving import Fault, Faults

# The standard library would fold a long Message-ID into encoded words, which no mail program understands.
_UNFOLDED = policy.SMTP.clone(max_line_length=None)
_LINE = 1 << 20
_SLUG = re.compile(r"[^a-z0-9]+")


class Correspondent:
    """A citizen who writes mail. A letter after an answer of ours is a reply to it, history and all."""

    def __init__(self, toy: "MailToy", name: str, address: str) -> None:
        self._toy = toy
        self.name = name
        self.address = address
        self.gone = False
        self.lines: list[Line] = []
        self.trail: list[str] = []
        self.heard: EmailMessage | None = None

    def writes(
        self,
        text: str,
        *,
        subject: str | None = None,
        attachments: tuple[ToyFile, ...] = (),
        in_reply_to: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> str:
        """One letter into the office's mailbox; returns its Message-ID without brackets."""
        letter = EmailMessage(policy=policy.SMTP)
        number = self._toy.number()
        own_id = f"{number}.{_SLUG.sub('-', self.name.lower())}@{self.address.rpartition('@')[2]}"
        letter["From"] = formataddr((self.name, self.address))
        letter["To"] = self._toy.address
        letter["Date"] = format_datetime(self._toy.now())
        letter["Message-ID"] = f"<{own_id}>"
        heard = self.heard
        letter["Subject"] = subject or (
            _answering(str(heard["Subject"])) if heard is not None else text[:60].split("\n")[0]
        )
        answered = in_reply_to or (str(heard["Message-ID"]).strip("<> \r\n") if heard is not None else None)
        if answered is not None:
            letter["In-Reply-To"] = f"<{answered}>"
            letter["References"] = " ".join(f"<{one}>" for one in dict.fromkeys([*self.trail[-9:], answered]))
        for name, value in (headers or {}).items():
            letter[name] = value
        letter.set_content(text if heard is None or in_reply_to else f"{text}\n\n{_history(heard, self._toy.address)}")
        for file in attachments:
            main, _, sub = file.media_type.partition("/")
            letter.add_attachment(file.content, maintype=main, subtype=sub or "octet-stream", filename=file.name)
        self.trail.append(own_id)
        self.lines.append(Line(True, text, self._toy.now(), tuple(one.name for one in attachments), own_id))
        self._toy.deliver(letter.as_bytes(policy=_UNFOLDED))
        return own_id

    def receives(self, letter: EmailMessage) -> None:
        """A letter of the office in this citizen's own mailbox."""
        names = tuple(part.get_filename() or "" for part in letter.iter_attachments())
        own_id = str(letter["Message-ID"]).strip("<> \r\n")
        self.lines.append(Line(False, body_of(letter).strip(), self._toy.now(), names, own_id))
        self.trail.append(own_id)
        self.heard = letter


def body_of(letter: EmailMessage) -> str:
    """The text that a mail program shows."""
    shown = letter.get_body(preferencelist=("plain", "html"))
    content = shown.get_content() if shown is not None else ""
    return str(content).replace("\r\n", "\n")


def _answering(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _history(heard: EmailMessage, address: str) -> str:
    quoted = "\n".join(f"> {line}".rstrip() for line in body_of(heard).strip().split("\n"))
    return f"Pada {heard['Date']}, <{address}> menulis:\n{quoted}"


class MailToy:
    """The post office. `sent` holds every letter of the office as it was handed in."""

    channel: Channel = Channel.MAIL

    def __init__(
        self,
        *,
        account: str = "surel",
        address: str = "humas@kutim.example",
        password: str = "sandi-surel",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account = account
        self.address = address
        self.user = address
        self.password = password
        self.now = now
        self.sent: list[Envelope] = []
        self.inbox = Folder(validity=1)
        self.imap_url = self.smtp_url = ""
        self._people: dict[str, Correspondent] = {}
        self._numbers = 0
        self._faults = Faults()
        self._over = asyncio.Event()
        self.gate = Gate(self.user)
        self._counter = Counter({"INBOX": self.inbox}, self._faults, self._over, self.gate, self._let_in, now)
        self._box = LetterBox(self._faults, self._over, self.gate, self._let_in, self._take)
        self._servers: list[asyncio.Server] = []
        self._links: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Listen on two free ports; returns the IMAP address."""
        self._over.clear()
        counter = await asyncio.start_server(self._imap, "127.0.0.1", _port(self.imap_url), limit=_LINE)
        box = await asyncio.start_server(self._smtp, "127.0.0.1", _port(self.smtp_url), limit=_LINE)
        self._servers = [counter, box]
        self.imap_url = f"imap://127.0.0.1:{counter.sockets[0].getsockname()[1]}"
        self.smtp_url = f"smtp://127.0.0.1:{box.sockets[0].getsockname()[1]}"
        return self.imap_url

    async def stop(self) -> None:
        """Every link is cut; the ports stay for the next start."""
        self._over.set()
        for server in self._servers:
            server.close()
        self.drop_links()
        if self._links:
            await asyncio.wait(self._links, timeout=5)
        for server in self._servers:
            await server.wait_closed()
        self._servers = []

    def fail(self, kind: str, *, times: int = 1, only: str | None = None, seconds: int = 1) -> None:
        """What goes wrong next: unauthorized, crowded at a login; hang, reset, bare, garbage, flood, server at the next search or
        letter; blocked, busy at the next recipient. `only` is "imap" or "smtp"."""
        spots = ("login",) if kind in ("unauthorized", "crowded") else (only,) if only else ("imap", "smtp")
        for spot in spots:
            self._faults.add(Fault(kind, times, spot, seconds))

    def calm(self) -> None:
        """Nothing fails any more."""
        self._faults.clear()

    def drop_links(self) -> None:
        """Cut every link without a word."""
        for link in tuple(self._links):
            link.cancel()

    @property
    def links(self) -> int:
        """How many clients are connected."""
        return len(self._links)

    @property
    def marked(self) -> list[str]:
        """Every STORE that a client dared."""
        return self._counter.marked

    def spoil(self, uid: int) -> None:
        """A letter that the server can list but not give."""
        self._counter.spoiled.add(uid)

    def deliver_at_idle(self, raw: bytes) -> None:
        """A letter that comes in the very moment a client begins to listen."""
        self._counter.at_idle = raw

    async def listened(self) -> None:
        """Wait until a client has begun to listen for news."""
        await self._counter.listened.wait()
        self._counter.listened.clear()

    def without_idle(self) -> None:
        """A server of the old kind."""
        self._counter.idle = False

    def renumber(self) -> None:
        """As after a restore: another UIDVALIDITY, the letters numbered anew."""
        letters = [one.raw for one in self.inbox.letters]
        self.inbox.validity += 1
        self.inbox.letters.clear()
        self.inbox.next_uid = 1
        for raw in letters:
            self.inbox.add(raw, self.now())

    # ---- the citizens' side

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    def citizen(self, name: str, address: str | None = None) -> Correspondent:
        """The citizen of that address, made when new."""
        address = (address or f"{_SLUG.sub('.', name.lower()).strip('.') or 'warga'}@warga.example").lower()
        if address not in self._people:
            self._people[address] = Correspondent(self, name, address)
        return self._people[address]

    def chats(self) -> list[Chat]:
        found = [Chat(one.address, one.name, list(one.lines)) for one in self._people.values() if one.lines]
        return sorted(found, key=lambda chat: chat.lines[-1].at, reverse=True)

    async def write(self, chat_id: str | None, name: str, text: str) -> str:
        citizen = self._people.get(chat_id or "") or self.citizen(name)
        citizen.writes(text)
        return citizen.address

    def deliver(self, raw: bytes) -> None:
        """Put a letter into the office's mailbox, byte for byte."""
        self.inbox.add(raw, self.now())

    # ---- the office's side

    def _let_in(self, user: str, password: str) -> bool:
        return (user, password) == (self.user, self.password)

    def _take(self, envelope: Envelope) -> None:
        self.sent.append(envelope)
        letter = message_from_bytes(envelope.raw, policy=policy.default)
        for address in envelope.recipients:
            person = self.citizen(address.partition("@")[0], address)
            if person.gone:
                self.deliver(_returned(letter, address, self.now()))
            else:
                person.receives(letter)

    async def _imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._link(mail_imap.Session(self._counter, reader, writer).serve(), writer)

    async def _smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._link(mail_smtp.Session(self._box, reader, writer).serve(), writer)

    async def _link(self, session: Awaitable[None], writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        try:
            # A cut link ends here: the stream server would report it as an error of ours.
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await session
        finally:
            self._links.discard(task)
            writer.transport.abort()


def _port(url: str) -> int:
    return int(url.rpartition(":")[2] or 0)


def _returned(letter: EmailMessage, address: str, at: datetime) -> bytes:
    """The bounce that a mail server writes (RFC 3464)."""
    head = "\r\n".join(f"{name}: {letter[name]}" for name in ("From", "To", "Subject", "Message-ID") if letter[name])
    fields = f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 Tidak dikenal"
    parts = (
        ("text/plain; charset=utf-8", f"Surat Anda untuk {address} tidak sampai: penerima tidak dikenal."),
        ("message/delivery-status", f"Reporting-MTA: dns; warga.example\r\n\r\n{fields}"),
        ("text/rfc822-headers", head),
    )
    body = "".join(f"--kembali\r\nContent-Type: {kind}\r\n\r\n{text}\r\n" for kind, text in parts)
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@warga.example\r\nSubject: Surat tidak terkirim\r\n"
        f"Date: {format_datetime(at)}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=kembali\r\n\r\n"
        f"{body}--kembali--\r\n"
    ).encode()
