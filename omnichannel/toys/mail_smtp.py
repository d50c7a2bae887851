"""The post office's letter box: SMTP as far as sending goes, and every way to refuse, hang or break off."""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass

from omnichannel.toys.mail_tokens import Gate
from omnichannel.toys.serving import Fault, Faults

# kind → the answer to a recipient.
REFUSALS = {
    "flood": "451 4.7.1 Terlalu banyak surat, coba lagi dalam {seconds} detik",
    "server": "451 4.3.0 Kerusakan sementara",
    "busy": "421 4.3.2 Server sedang ditutup",
    "blocked": "550 5.1.1 Penerima tidak dikenal",
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter as it was handed in."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


@dataclass(slots=True)
class LetterBox:
    """What all sessions share."""

    faults: Faults
    over: asyncio.Event
    gate: Gate
    let_in: Callable[[str, str], bool]
    take: Callable[[Envelope], None]


class Session:
    """One client's link."""

    def __init__(self, box: LetterBox, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._box = box
        self._reader = reader
        self._writer = writer
        self._inside = False
        self._barred = False
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._fault: Fault | None = None

    async def serve(self) -> None:
        await self._say("220 Kotak pos siap")
        while line := await self._reader.readline():
            verb, _, rest = line.decode("latin-1").strip().partition(" ")
            if not await self._obey(verb.upper(), rest):
                return

    async def _say(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode("utf-8"))
        await self._writer.drain()

    async def _obey(self, verb: str, rest: str) -> bool:
        """Carry out one command; False when the link is over."""
        if verb == "EHLO":
            await self._say(
                "250-kotak-pos",
                " ".join(["250-AUTH PLAIN LOGIN", *self._box.gate.mechanisms]),
                "250-8BITMIME",
                "250 SIZE 50000000",
            )
        elif verb in ("HELO", "NOOP", "RSET"):
            self._sender, self._recipients = None, []
            await self._say("250 2.0.0 Ya")
        elif verb == "QUIT":
            await self._say("221 2.0.0 Sampai jumpa")
            return False
        elif verb == "AUTH":
            await self._login(rest)
        elif not self._inside:
            await self._say("530 5.7.0 Masuk dulu")
        elif verb == "MAIL":
            self._sender, self._recipients = _address(rest), []
            await self._say("250 2.1.0 Ya")
        elif verb == "RCPT":
            await self._recipient(_address(rest))
        elif verb == "DATA" and self._recipients:
            return await self._letter()
        else:
            await self._say("503 5.5.1 Belum waktunya")
        return True

    async def _login(self, rest: str) -> None:
        kind, _, first = rest.partition(" ")
        if kind.upper() in self._box.gate.mechanisms:
            await self._bearer(kind.upper(), first)
            return
        if kind.upper() == "PLAIN":
            if not first:
                await self._say("334 ")
                first = (await self._reader.readline()).decode("latin-1").strip()
            _, _, pair = _plain(first).partition("\0")
            user, _, password = pair.partition("\0")
        else:
            if not first:
                await self._say("334 VXNlcm5hbWU6")
                first = (await self._reader.readline()).decode("latin-1").strip()
            await self._say("334 UGFzc3dvcmQ6")
            user, password = _plain(first), _plain((await self._reader.readline()).decode("latin-1").strip())
        # A client tries one way of logging in after another: all of them are one attempt.
        self._barred = self._barred or self._box.faults.take("login") is not None
        self._inside = not self._barred and self._box.let_in(user, password)
        await self._say("235 2.7.0 Silakan" if self._inside else "535 5.7.8 Nama atau sandi salah")

    async def _bearer(self, mechanism: str, answer: str) -> None:
        gate = self._box.gate
        self._inside = gate.lets_in(mechanism, answer)
        if self._inside:
            await self._say("235 2.7.0 Silakan")
            return
        await self._say(f"334 {gate.challenge()}")
        ended = gate.ends_well(mechanism, await self._reader.readline())
        await self._say("535 5.7.8 Token ditolak" if ended else "501 5.5.2 Jawaban yang tidak diminta")

    async def _recipient(self, address: str) -> None:
        fault = self._box.faults.take("smtp")
        if fault is not None and fault.kind in REFUSALS:
            await self._say(REFUSALS[fault.kind].format(seconds=fault.seconds))
            return
        self._fault = fault
        self._recipients.append(address)
        await self._say("250 2.1.5 Ya")

    async def _letter(self) -> bool:
        """Take the letter. A fault strikes once it is here whole, so that only the sender cannot know."""
        await self._say("354 Silakan, titik sendirian mengakhiri")
        lines: list[bytes] = []
        while (line := await self._reader.readline()) not in (b".\r\n", b".\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        fault, self._fault = self._fault, None
        if fault is not None and fault.kind == "bare":
            await self._say("451")
            return True
        self._box.take(Envelope(self._sender or "", tuple(self._recipients), b"".join(lines)))
        if fault is None:
            await self._say("250 2.0.0 Diterima")
        elif fault.kind == "garbage":
            await self._say("<html>selamat datang</html>")
        else:
            if fault.kind == "hang":
                await self._box.over.wait()
            self._writer.transport.abort()
            return False
        return True


def _address(argument: str) -> str:
    return argument.partition("<")[2].partition(">")[0]


def _plain(encoded: str) -> str:
    try:
        return base64.b64decode(encoded).decode("utf-8", "replace")
    except ValueError:
        return ""
