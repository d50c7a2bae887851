"""LAPOR as a channel: a report that it gave to this office is a conversation, and our answer a follow-up under it.

No call lists such reports, so they come by the import of LAPOR's own export (`router.imported` writes the body):

    {"id": "9000123", "thread": "9000123", "at": "2026-11-17T00:00:00Z", "kind": "complaint", "subject": "…", "text": "…",
     "name": "…", "anonymous": false, "secret": false, "complaint_id": "…"}

With the gateway an answer is posted there. Without it the answer is kept, and listed on the board to be keyed in.
"""

from collections.abc import Mapping

from omnichannel.connectors.reading import Unreadable, clean, load, moment, unreadable_body, word
from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Capabilities, Channel, Surface
from omnichannel.domain.errors import Refused, TooLong
from omnichannel.domain.inbound import ACCOUNT
from omnichannel.domain.message import Author, Event, EventType, Outgoing, Sent
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Forwarder, NotOffered, Raw, Ref
from omnichannel.domain.stated import Stated

LONGEST = 5000  # a guess: the form names no limit
BY_HAND = Capabilities(text_limit=LONGEST, by_hand=True, silent=True)
BY_GATEWAY = Capabilities(text_limit=LONGEST, silent=True)


class LaporInbox:
    """Fits `domain.ports.Connector`. `forwarder` posts the answers; None: an officer keys them in."""

    channel: Channel = Channel.LAPOR

    def __init__(self, forwarder: Forwarder | None = None, account: str = ACCOUNT) -> None:
        self.account = account
        self.surfaces: Mapping[Surface, Capabilities] = {Surface.DIRECT: BY_GATEWAY if forwarder else BY_HAND}
        self._forwarder = forwarder

    async def open(self) -> None:
        """The forwarder proves its own key."""

    async def close(self) -> None:
        """The forwarder closes itself."""

    async def probe(self) -> str:
        """Where staff find it."""
        return "/lapor"

    def parse(self, raw: Raw) -> tuple[Event, ...]:
        try:
            return (_read(load(raw.body)),)
        except Unreadable as error:
            return (unreadable_body(raw.body, str(error)),)

    async def send(self, outgoing: Outgoing) -> Sent:
        if not outgoing.text.strip():
            raise Refused("Pesan kosong.", code="empty")
        if len(outgoing.text) > LONGEST:
            raise TooLong(f"Pesan {len(outgoing.text)} huruf; paling banyak {LONGEST}.", code="too_long")
        if (
            not outgoing.address.conversation.strip()
            or outgoing.address.conversation != outgoing.address.conversation.strip()
        ):
            raise Refused("Laporan SP4N-LAPOR! untuk percakapan ini tidak dikenal.", code="no_report")
        if self._forwarder is None:
            return Sent(external_id=f"{ACCOUNT}:{outgoing.key}")
        told = await self._forwarder.reply(Ref(outgoing.address.conversation), outgoing.text, outgoing.files)
        if isinstance(told, NotOffered):
            raise Refused(told.instead, code="by_hand")
        return Sent(external_id=f"{ACCOUNT}:{outgoing.key}", at=told.at)


def build(account: Account) -> LaporInbox:
    """The catalogue's builder: without the gateway, which only the roof knows."""
    return LaporInbox(account=account.name)


def _read(body: object) -> Event:
    if not isinstance(body, dict):
        raise Unreadable("objek JSON")
    name, text, kind = word(body, "id"), body.get("text", ""), word(body, "kind") or ""
    if name is None or not isinstance(text, str):
        raise Unreadable("id dan text: teks")
    said = Stated(
        kind=Kind(kind) if kind in set(Kind) else None,
        anonymous=body.get("anonymous") is True,
        secret=body.get("secret") is True,
        tracking=name,
    )
    return Event(
        type=EventType.INCOMING,
        external_id=name,
        conversation=word(body, "complaint_id") or name,
        author=Author(f"lapor:{name}", name=None if said.anonymous else word(body, "name")),
        sent_at=moment(body.get("at")),
        subject=word(body, "subject"),
        text=clean(text),
        extra=said.as_extra(),
    )
