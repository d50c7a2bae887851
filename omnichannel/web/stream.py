"""A conversation as it is read: days, bubbles, notes on yellow paper, and what happened in between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from html.parser import HTMLParser

from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.message import Delivery
from omnichannel.domain.work import Direction, Message
from omnichannel.web.history import Line
from omnichannel.web.wording import Wording

# A browser draws these by itself; an SVG from a stranger is a program and is only offered for download.
SAFE_PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp")
LOOKS = {
    Delivery.QUEUED: "queued",
    Delivery.SENDING: "queued",
    Delivery.FAILED: "failed",
    Delivery.UNSURE: "unsure",
}
ANSWERING = frozenset({"re", "fw", "fwd", "bls", "balas", "tr"})
SKIPPED = frozenset({"script", "style", "head", "title", "template"})
BREAKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing in the stream. `sort` is day, event, note, message or thread (public comments with their frame).

    `key` names it for good, so that a page can tell what is new.
    """

    sort: str
    key: str
    day: date | None = None
    today: bool = False
    at: datetime | None = None
    sign: str = ""
    words: str = ""
    message: Message | None = None
    who: str = ""
    text: str = ""
    subject: str = ""
    look: str = ""
    channel: Channel | None = None
    inner: tuple["Block", ...] = ()
    posted: bool = False  # what it answers stands on top of its thread already


def blocks(
    messages: Sequence[Message],
    lines: Sequence[Line],
    *,
    wording: Wording,
    channel: Channel,
    citizen: str,
    names: Mapping[int, str],
    whole: bool,
) -> list[Block]:
    """Messages and events by time. `whole` False: older messages exist, and older events wait with them.

    `names` are staff by id; `citizen` is how the list calls the one who writes to us.
    """
    since = messages[0].sent_at if messages and not whole else None
    shown = sorted((line for line in lines if line.sign), key=lambda line: (line.at, line.id))
    told = [_event(line) for line in shown if since is None or line.at >= since]
    said = [_said(message, wording, channel, citizen, names) for message in messages]
    # Messages keep the order in which they were given; an event follows the message of its own moment.
    ordered = _merged(_without_repeated_subjects(said), told)
    return _framed(_dated(ordered, wording))


def text_of(message: Message) -> str:
    """The words of a message; an HTML mail without a text part is read as text, never as HTML."""
    if message.text.strip() or not message.html:
        return message.text
    reader = _Reader()
    reader.feed(message.html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


class _Reader(HTMLParser):
    """Keeps what a reader would see, drops scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SKIPPED:
            self._skipped += 1
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SKIPPED:
            self._skipped = max(0, self._skipped - 1)
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.parts.append(data.replace("\n", " "))


def _event(line: Line) -> Block:
    return Block(sort="event", key=f"e{line.id}", at=line.at, sign=line.sign or "", words=line.words)


def _said(message: Message, wording: Wording, channel: Channel, citizen: str, names: Mapping[int, str]) -> Block:
    return Block(
        sort="note" if message.direction is Direction.NOTE else "message",
        key=f"m{message.id}",
        at=message.sent_at,
        message=message,
        who=_who(message, wording, citizen, names),
        text=text_of(message),
        subject=(message.subject or "").strip(),
        look=_look(message),
        channel=channel,
    )


def _who(message: Message, wording: Wording, citizen: str, names: Mapping[int, str]) -> str:
    if message.direction is Direction.IN:
        return citizen
    if message.automatic:
        return wording.t("Balasan otomatis")
    if message.staff_id is None:
        return wording.t("Dari aplikasi kanal")
    return names.get(message.staff_id, wording.t("Petugas"))


def _look(message: Message) -> str:
    """Nothing looks sent that was not."""
    if message.direction is not Direction.OUT or message.delivery is None:
        return ""
    return LOOKS.get(message.delivery, "")


def _without_repeated_subjects(said: Sequence[Block]) -> list[Block]:
    """A mail's subject is shown where it begins or changes, "Re:" and "Bls:" not counted."""
    last, kept = "", []
    for block in said:
        bare = _bare(block.subject)
        kept.append(replace(block, subject="") if bare == last else block)
        last = bare or last
    return kept


def _bare(subject: str) -> str:
    bare = subject.casefold()
    while True:
        head, colon, rest = bare.partition(":")
        if not colon or head.strip() not in ANSWERING:
            return bare.strip()
        bare = rest


def _merged(said: Sequence[Block], told: Sequence[Block]) -> list[Block]:
    merged: list[Block] = []
    waiting = list(told)
    for block in said:
        while waiting and waiting[0].at is not None and block.at is not None and waiting[0].at < block.at:
            merged.append(waiting.pop(0))
        merged.append(block)
    return merged + waiting


def _dated(ordered: Sequence[Block], wording: Wording) -> list[Block]:
    dated: list[Block] = []
    last: date | None = None
    for block in ordered:
        if block.at is None:
            continue
        day = block.at.astimezone(wording.zone).date()
        if day != last:
            # Mail may arrive out of order: the same day may head two runs, and each keeps its own name.
            dated.append(Block(sort="day", key=f"d{day.isoformat()}{block.key}", day=day, today=day == wording.today))
            last = day
        dated.append(block)
    return dated


def _framed(dated: Sequence[Block]) -> list[Block]:
    """Public comments that stand together get one frame, so that nobody takes them for a private chat."""
    framed: list[Block] = []
    for block in dated:
        if block.sort != "message" or block.message is None or block.message.surface is not Surface.PUBLIC:
            framed.append(block)
            continue
        post = (block.message.quoted or "").strip()
        if framed and framed[-1].sort == "thread" and post in ("", framed[-1].words):
            block = replace(block, posted=bool(post))
            framed[-1] = replace(framed[-1], inner=(*framed[-1].inner, block))
        else:
            inner = (replace(block, posted=bool(post)),)
            framed.append(Block(sort="thread", key=f"t{block.key}", at=block.at, words=post, inner=inner))
    return framed
