"""The post office's counter: IMAP4rev1 as far as a mail program of ours goes, with IDLE, UIDPLUS-like numbers and faults."""

import asyncio
import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from omnichannel.toys.mail_tokens import Gate
from omnichannel.toys.serving import Faults

CAPABILITIES = "IMAP4rev1 IDLE UIDPLUS AUTH=PLAIN LITERAL+"
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|(\([^)]*\))|(\S+)')
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r?\n\Z")

# kind → the tagged answer to a search.
PROBLEMS = {
    "flood": "NO [LIMIT] Terlalu banyak permintaan, coba lagi dalam {seconds} detik",
    "server": "NO [SERVERBUG] Internal error",
    "bare": "NO",
}


@dataclass(slots=True)
class Stored:
    """One letter in a folder."""

    uid: int
    raw: bytes
    at: datetime
    flags: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Folder:
    """Letters in the order of their UIDs; `listeners` are told when one comes."""

    validity: int
    letters: list[Stored] = field(default_factory=list)
    next_uid: int = 1
    listeners: set[Callable[[], None]] = field(default_factory=set)

    def add(self, raw: bytes, at: datetime) -> Stored:
        letter = Stored(self.next_uid, raw, at)
        self.next_uid += 1
        self.letters.append(letter)
        for tell in tuple(self.listeners):
            tell()
        return letter

    def numbered(self, which: str, *, by_uid: bool) -> list[tuple[int, Stored]]:
        """(sequence number, letter) of a set such as `1,4:*`."""
        last = (self.letters[-1].uid if by_uid else len(self.letters)) if self.letters else 0
        wanted = [_range(piece, last) for piece in which.split(",")]
        found = []
        for number, letter in enumerate(self.letters, start=1):
            value = letter.uid if by_uid else number
            if any(low <= value <= high for low, high in wanted):
                found.append((number, letter))
        return found


def _range(piece: str, last: int) -> tuple[int, int]:
    low, colon, high = piece.partition(":")
    ends = [last if end == "*" else int(end) for end in ((low, high) if colon else (low, low))]
    return min(ends), max(ends)


@dataclass(slots=True)
class Counter:
    """What all sessions share. `idle` False takes IDLE out of the capabilities."""

    folders: dict[str, Folder]
    faults: Faults
    over: asyncio.Event
    gate: Gate
    let_in: Callable[[str, str], bool]
    now: Callable[[], datetime]
    idle: bool = True
    listened: asyncio.Event = field(default_factory=asyncio.Event)
    at_idle: bytes | None = None
    spoiled: set[int] = field(default_factory=set)
    marked: list[str] = field(default_factory=list)


class Session:
    """One client's link."""

    def __init__(self, counter: Counter, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._counter = counter
        self._reader = reader
        self._writer = writer
        self._folder: Folder | None = None
        self._told = 0
        self._inside = False
        self._barred = False
        self._literals: list[bytes] = []

    async def serve(self) -> None:
        self._say("* OK Loket surat siap")
        while (line := await self._line()) is not None:
            tag, _, rest = line.partition(" ")
            verb, _, arguments = rest.partition(" ")
            if not await self._obey(tag, verb.upper(), arguments):
                return
            await self._writer.drain()

    async def _line(self) -> str | None:
        """One command; each literal is put aside and leaves a mark where it stood."""
        whole = ""
        self._literals.clear()
        while True:
            piece = await self._reader.readline()
            if not piece:
                return None
            literal = _LITERAL.search(piece)
            if literal is None:
                return whole + piece.decode("latin-1").rstrip("\r\n")
            if not literal.group(2):
                self._writer.write(b"+ ya\r\n")
            whole += piece[: literal.start()].decode("latin-1") + f"\0{len(self._literals)}"
            self._literals.append(await self._reader.readexactly(int(literal.group(1))))

    def _words(self, arguments: str) -> list[str]:
        """Quoted, listed, bare; and the literals where their marks stand."""
        words = [quoted or listed or bare for quoted, listed, bare in _TOKEN.findall(arguments)]
        return [self._literals[int(one[1:])].decode("latin-1") if one.startswith("\0") else one for one in words]

    def _say(self, line: str) -> None:
        self._writer.write(line.encode("latin-1") + b"\r\n")

    async def _obey(self, tag: str, verb: str, arguments: str) -> bool:
        """Carry out one command; False when the link is over."""
        words = self._words(arguments)
        if verb == "UID" and words:
            verb, words = f"UID {words[0].upper()}", words[1:]
        if verb == "CAPABILITY":
            offered = CAPABILITIES if self._counter.idle else CAPABILITIES.replace("IDLE ", "")
            by_token = "".join(f" AUTH={one}" for one in self._counter.gate.mechanisms)
            self._say(f"* CAPABILITY {offered}{by_token}")
        elif verb == "LOGOUT":
            self._say("* BYE Sampai jumpa")
            self._say(f"{tag} OK selesai")
            return False
        elif verb == "LOGIN":
            return self._login(tag, words)
        elif verb == "AUTHENTICATE" and words and words[0].upper() != "PLAIN":
            return await self._bearer(tag, words[0].upper())
        elif verb == "AUTHENTICATE":
            return self._login(tag, await self._plain())
        elif not self._inside and verb != "NOOP":
            self._say(f"{tag} NO Masuk dulu")
            return True
        elif verb in ("SELECT", "EXAMINE"):
            return self._select(tag, words[0], read_only=verb == "EXAMINE")
        elif verb == "STATUS":
            self._status(words[0])
        elif verb == "LIST":
            for name in self._counter.folders:
                self._say(f'* LIST () "/" "{name}"')
        elif verb == "APPEND":
            self._counter.folders[words[0]].add(words[-1].encode("latin-1"), self._counter.now())
        elif verb == "IDLE":
            await self._idle()
        elif self._folder is not None and not await self._about_letters(tag, verb, words, self._folder):
            return self._writer.transport.is_closing() is False
        self._announce()
        self._say(f"{tag} OK selesai")
        return True

    async def _plain(self) -> list[str]:
        self._say("+ ")
        answer = base64.b64decode(await self._reader.readline()).decode("utf-8", "replace")
        return answer.split("\0")[1:]

    async def _bearer(self, tag: str, mechanism: str) -> bool:
        self._say("+ ")
        answer = (await self._reader.readline()).decode("latin-1").strip()
        if self._counter.gate.lets_in(mechanism, answer):
            self._inside = True
            self._say(f"{tag} OK silakan")
            return True
        self._say(f"+ {self._counter.gate.challenge()}")
        if not self._counter.gate.ends_well(mechanism, await self._reader.readline()):
            self._say(f"{tag} BAD jawaban yang tidak diminta")
        else:
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] Token ditolak")
        return True

    def _login(self, tag: str, words: list[str]) -> bool:
        fault = self._counter.faults.take("login")
        if fault is not None and fault.kind == "crowded":
            self._say(f"{tag} NO [UNAVAILABLE] Terlalu banyak sambungan")
            return True
        self._barred = self._barred or fault is not None
        if self._barred or len(words) < 2 or not self._counter.let_in(words[0], words[1]):
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] Nama atau sandi salah")
            return True
        self._inside = True
        self._say(f"{tag} OK silakan")
        return True

    def _select(self, tag: str, name: str, *, read_only: bool) -> bool:
        folder = self._counter.folders.get(name)
        if folder is None:
            self._say(f"{tag} NO [NONEXISTENT] Folder tidak ada")
            return True
        self._folder, self._told = folder, len(folder.letters)
        self._say(f"* {self._told} EXISTS")
        self._say("* 0 RECENT")
        self._say("* FLAGS (\\Seen \\Answered \\Flagged \\Deleted)")
        self._say(f"* OK [UIDVALIDITY {folder.validity}] nomor berlaku")
        self._say(f"* OK [UIDNEXT {folder.next_uid}] berikutnya")
        self._say(f"{tag} OK [READ-{'ONLY' if read_only else 'WRITE'}] dibuka")
        return True

    def _status(self, name: str) -> None:
        folder = self._counter.folders[name]
        unseen = sum("\\Seen" not in one.flags for one in folder.letters)
        self._say(
            f'* STATUS "{name}" (MESSAGES {len(folder.letters)} UIDNEXT {folder.next_uid} '
            f"UIDVALIDITY {folder.validity} UNSEEN {unseen})"
        )

    def _announce(self) -> None:
        if self._folder is not None and len(self._folder.letters) != self._told:
            self._told = len(self._folder.letters)
            self._say(f"* {self._told} EXISTS")

    async def _idle(self) -> None:
        folder = self._folder
        if folder is not None and self._counter.at_idle is not None:
            folder.add(self._counter.at_idle, self._counter.now())
            self._counter.at_idle = None
        self._say("+ mendengarkan")
        self._announce()
        if folder is not None:
            folder.listeners.add(self._announce)
        self._counter.listened.set()
        try:
            await self._reader.readline()  # DONE
        finally:
            if folder is not None:
                folder.listeners.discard(self._announce)

    async def _about_letters(self, tag: str, verb: str, words: list[str], folder: Folder) -> bool:
        """True when the command went well; else its answer was given already."""
        by_uid = verb.startswith("UID ")
        verb = verb.removeprefix("UID ")
        if verb == "SEARCH":
            fault = self._counter.faults.take("imap")
            if fault is not None:
                await self._strike(tag, fault.kind, fault.seconds)
                return False
            self._say(f"* SEARCH {' '.join(_searched(folder, words, by_uid=by_uid))}".rstrip())
        elif verb == "FETCH":
            chosen = folder.numbered(words[0], by_uid=by_uid)
            if "BODY" in words[-1].upper() and any(letter.uid in self._counter.spoiled for _, letter in chosen):
                self._say(f"{tag} NO [SERVERBUG] Surat rusak di penyimpanan")
                return False
            for number, letter in chosen:
                self._writer.write(_fetched(number, letter, " ".join(words[1:]).upper()))
        elif verb == "STORE":
            for number, letter in folder.numbered(words[0], by_uid=by_uid):
                self._counter.marked.append(" ".join(words))
                letter.flags |= set(words[2].strip("()").split())
                self._say(f"* {number} FETCH (FLAGS ({' '.join(sorted(letter.flags))}))")
        return True

    async def _strike(self, tag: str, kind: str, seconds: int) -> None:
        if kind == "hang":
            await self._counter.over.wait()
        if kind in ("hang", "reset"):
            self._writer.transport.abort()
        elif kind == "garbage":
            self._say("<html>selamat datang</html>")
        else:
            self._say(f"{tag} {PROBLEMS[kind].format(seconds=seconds)}")


def _searched(folder: Folder, words: list[str], *, by_uid: bool) -> list[str]:
    found = list(enumerate(folder.letters, start=1))
    if "UID" in words:
        found = folder.numbered(words[words.index("UID") + 1], by_uid=True)
    if "UNSEEN" in words:
        found = [(number, letter) for number, letter in found if "\\Seen" not in letter.flags]
    return [str(letter.uid if by_uid else number) for number, letter in found]


def _fetched(number: int, letter: Stored, items: str) -> bytes:
    """The data items asked for, the letter itself as a literal."""
    out = [f"UID {letter.uid}"]
    if "FLAGS" in items:
        out.append(f"FLAGS ({' '.join(sorted(letter.flags))})")
    if "INTERNALDATE" in items:
        out.append(f'INTERNALDATE "{letter.at:%d-%b-%Y %H:%M:%S +0000}"')
    if "SIZE" in items:
        out.append(f"RFC822.SIZE {len(letter.raw)}")
    head = f"* {number} FETCH ({' '.join(out)}".encode("latin-1")
    if "[HEADER]" in items:
        body = letter.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        return head + b" BODY[HEADER] {%d}\r\n%b)\r\n" % (len(body), body)
    if "BODY" in items:
        return head + b" BODY[] {%d}\r\n%b)\r\n" % (len(letter.raw), letter.raw)
    return head + b")\r\n"
