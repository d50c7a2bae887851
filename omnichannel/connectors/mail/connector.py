"""An office's mailbox as a channel.

Options: `address` · `imap_url` (imaps://host:993) · `smtp_url` (smtps://host:465, or smtp://host:587 with STARTTLS; on
loopback without) · `folder` (INBOX) · `since` = "all" | "now": whether letters from before the first start are read ·
`plus_address` = true puts our thread token into Reply-To, where the server delivers `humas+token@` to `humas@` ·
`history` = "yes" | "no": whether an answer repeats what was said before ·
`poll_seconds`, how long one empty poll listens (25) · `timeout_seconds`, how long one answer may take (30).
Secrets: USER (the address when missing), PASSWORD. By token instead (Google, Microsoft): REFRESH_TOKEN and CLIENT_SECRET where
the app has one, with `client_id`, `token_url`, `scope` and `token_file`; or an ACCESS_TOKEN that somebody else renews.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from omnichannel.connectors.mail import address, smtp
from omnichannel.connectors.mail.compose import composed, message_id
from omnichannel.connectors.mail.imap import Mailbox
from omnichannel.connectors.mail.lane import Lane
from omnichannel.connectors.mail.parse import parse
from omnichannel.connectors.mail.settings import post_of
from omnichannel.connectors.mail.tokens import REFUSED, Tokens
from omnichannel.domain.channel import Capabilities, Channel, Surface
from omnichannel.domain.errors import AccountBroken, Refused, TooLong
from omnichannel.domain.message import Author, Event, EventType, Outgoing, Sent
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Batch, Raw

T = TypeVar("T")

# No standard limits a text; this is more than anybody reads. 25 MB is what Gmail takes of an incoming mail
# (https://support.google.com/mail/answer/6584, 2026-11-22), counted as it travels: base64 makes 4 bytes of 3.
_LETTER_LIMIT = 25 * 1000 * 1000
_CAN = Capabilities(
    text_limit=200_000,
    attachment_limit=_LETTER_LIMIT * 3 // 4 - 500_000,
    attachments_together=True,
    subject=True,
)


class MailConnector:
    """One mailbox."""

    channel: Channel = Channel.MAIL
    surfaces: Mapping[Surface, Capabilities]

    def __init__(self, account: Account) -> None:
        self.account = account.name
        self._post = post_of(account)
        self.surfaces = {Surface.DIRECT: replace(_CAN, history=self._post.history)}
        self._lane = Lane(f"imap-{account.name}")
        self._mailbox = Mailbox(self._post)
        self._tokens = Tokens(account)

    async def open(self) -> None:
        """Prove both servers' credentials and that the folder is there."""
        await self.probe()

    async def close(self) -> None:
        """At once, even while listening; the thread ends by itself."""
        mailbox, self._mailbox = self._mailbox, Mailbox(self._post)
        self._lane.interrupt()
        mailbox.break_off()
        self._lane.close(mailbox.drop)
        await self._tokens.close()

    async def probe(self) -> str:
        """Our address, once both servers let us in."""
        found = await self._let_in(self._check)
        await self._let_in(lambda token: smtp.check(self._post, token))
        return found

    async def _check(self, token: Secret | None) -> str:
        mailbox = self._mailbox
        mailbox.token = token
        return await self._lane.run(mailbox.check)

    async def _let_in(self, enter: Callable[[Secret | None], Awaitable[T]]) -> T:
        """Enter with a token where the account has one; once more with a new one, if the server refused the old."""
        if not self._tokens.used:
            return await enter(None)
        try:
            return await enter(await self._tokens.current())
        except AccountBroken as broken:
            if broken.code != REFUSED or not self._tokens.refused():
                raise
            return await enter(await self._tokens.current())

    def parse(self, raw: Raw) -> tuple[Event, ...]:
        problem = raw.headers.get("problem")
        event = parse(raw.body, ours=self._post.address)
        if problem is None:
            return (event,)
        # The mail server could not give the letter: somebody must look into the mailbox itself.
        name = hashlib.sha256(f"{self.account} {raw.headers.get('uid')}".encode()).hexdigest()
        author = Author(id=f"surat:{name[:16]}")
        shown = event if raw.body.strip() else None
        return (
            Event(
                type=EventType.UNKNOWN,
                external_id=name,
                conversation=name,
                author=shown.author if shown else author,
                subject=shown.subject if shown else None,
                problem=problem,
            ),
        )

    async def poll(self, cursor: str | None) -> Batch:
        """Up to 100 letters or 25 MB behind the cursor; when there are none, whatever comes within `poll_seconds`."""
        return await self._let_in(lambda token: self._news(cursor, token))

    async def _news(self, cursor: str | None, token: Secret | None) -> Batch:
        mailbox = self._mailbox
        mailbox.token = token
        return await self._lane.run(lambda stop: mailbox.news(cursor, stop))

    async def send(self, outgoing: Outgoing) -> Sent:
        """One mail to the conversation's contact. Its id is the Message-ID, which bounces and receipts name."""
        recipient = outgoing.address.extra.get("answer_to") or outgoing.address.contact
        if not outgoing.text.strip() and not outgoing.files:
            raise Refused("Surat kosong tidak dikirim. Tulis sesuatu dulu.", code="empty")
        if len(outgoing.text) > _CAN.text_limit:
            raise TooLong(f"Surat ini lebih panjang dari {_CAN.text_limit} huruf. Kirim sebagai lampiran.")
        if sum(len(file.content) for file in outgoing.files) > (_CAN.attachment_limit or 0):
            raise Refused("Lampiran lebih besar dari 25 MB; server surel tidak menerimanya.", code="too_large")
        if not address.valid(recipient):
            raise Refused(f"Tidak ada alamat surel yang sah untuk membalas ({recipient or 'kosong'}).", code="address")
        own_id = message_id(outgoing, self._post)
        to = smtp.mailable(recipient)
        letter = composed(outgoing, self._post, to=to, own_id=own_id, now=datetime.now(UTC))
        await self._let_in(lambda token: smtp.deliver(self._post, to, letter, token))
        return Sent(own_id, message_id=own_id)


def build(account: Account) -> MailConnector:
    """The catalogue's way in."""
    return MailConnector(account)
