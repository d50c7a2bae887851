"""A mail server that takes our mail on loopback, and refuses, hangs or breaks off when told to."""

import asyncio
from dataclasses import dataclass
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Step = Literal["mail", "rcpt", "data"]


@dataclass(frozen=True)
class Received:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class SmtpSink:
    """What arrived is in `messages`. Tell it how to behave before you send:

    `refuse("550 5.1.1 Tidak dikenal")`, `refuse("421 4.3.2 Sibuk", at="mail")`, `hang(at="data")`, `cut(at="data")`.
    At "data" the mail has arrived whole and is in `messages`, whatever we answer: only the sender cannot know.
    """

    host = "127.0.0.1"
    user = "petugas"
    password = "rahasia-uji"

    def __init__(self) -> None:
        self.messages: list[Received] = []
        self.logins: list[str] = []
        self.port = 0
        self._answers: dict[Step, str] = {}
        self._released = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._links: set[asyncio.BaseTransport] = set()

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    def refuse(self, answer: str, *, at: Step = "rcpt") -> None:
        """`answer` is the whole reply line, such as "421 4.3.2 Sibuk"."""
        self._answers[at] = answer

    def hang(self, *, at: Step = "data") -> None:
        self._answers[at] = "hang"

    def cut(self, *, at: Step = "data") -> None:
        self._answers[at] = "cut"

    def accept(self) -> None:
        """Friendly again; whoever hangs is answered now."""
        self._answers.clear()
        self._released.set()
        self._released = asyncio.Event()

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """The port stays for the next `start`."""
        if self._server is None:
            return
        self._server.close()
        self.accept()
        for link in tuple(self._links):
            link.close()
        await self._server.wait_closed()
        self._server = None
        # The sessions end in their own time: their transports are closed now, their tasks one turn later.
        await asyncio.sleep(0)

    def _session(self) -> SMTP:
        return _Session(self)

    def login(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        if isinstance(data, LoginPassword):
            self.logins.append(data.login.decode())
            if data.login == self.user.encode() and data.password == self.password.encode():
                return AuthResult(success=True)
        # handled=False lets the server answer 535 itself; otherwise the client waits for ever.
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._answer("mail", server)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self._answer("rcpt", server)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        raw = envelope.original_content or b""
        self.messages.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        return await self._answer("data", server)

    async def _answer(self, step: Step, server: SMTP) -> str:
        answer = self._answers.get(step, "250 2.0.0 OK")
        if answer == "hang":
            await self._released.wait()
            return "250 2.0.0 OK"
        if answer == "cut" and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
            return "421 4.4.2 gone"
        return answer


class _Session(SMTP):
    """One client's link; the sink closes those that are left."""

    def __init__(self, sink: SmtpSink) -> None:
        super().__init__(sink, authenticator=sink.login, auth_require_tls=False, enable_SMTPUTF8=True)
        self._sink = sink

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._sink._links.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._sink._links.discard(self.transport)
        super().connection_lost(error)
