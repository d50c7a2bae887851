"""Templates: what the platform lists is kept, and one is sent when the reply window has shut."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from omnichannel.domain import reach
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.errors import Invalid, NotFound, WindowClosed
from omnichannel.domain.message import Template
from omnichannel.domain.outbox import said_before, say
from omnichannel.domain.people import Staff
from omnichannel.domain.template import fill
from omnichannel.domain.work import Message, Work
from omnichannel.inbox.reply import must_be_a_key, of

QUEUE = "templates"
EVERY = timedelta(hours=6)
NOT_HERE = "Percakapan ini tidak memakai templat sekarang; tulis jawaban biasa."


def ask(work: Work, account: str, now: datetime) -> bool:
    """Have the platform asked for its templates soon; False when that is already under way."""
    put = work.jobs.put(QUEUE, {"account": account}, key=f"templates:{account}:now", run_at=now)
    if put:
        work.ring(QUEUE)
    return put


def plan(work: Work, accounts: Sequence[str], now: datetime) -> None:
    """One round an account always waits: the first at once, later ones every six hours."""
    for account in accounts:
        if work.jobs.put(QUEUE, {"account": account}, key=f"templates:{account}", run_at=now):
            work.ring(QUEUE)


def keep(work: Work, account: str, found: Sequence[Template], now: datetime) -> None:
    """What the platform lists now."""
    work.outreach.keep_templates(account, found, now)


def use(
    work: Work,
    staff: Staff,
    conversation_id: int,
    name: str,
    language: str,
    values: Mapping[str, str],
    *,
    key: str,
    capabilities: Capabilities | None,
    now: datetime,
) -> Message:
    """Put a filled template into the outbox. The same `key` twice (a double click) is one message.

    NotFound: the account has no such template. Invalid: not approved, or a place is empty. WindowClosed: this surface
    takes none (now).
    """
    must_be_a_key(key)
    conversation = of(work, conversation_id)
    known = said_before(work, conversation.id, key)
    if known is not None:
        return known
    if capabilities is None:
        raise Invalid(reach.NO_ACCOUNT)
    if not reach.template(capabilities, conversation, now):
        raise WindowClosed(NOT_HERE)
    kept = work.outreach.templates(conversation.account)
    chosen = next(
        (one.template for one in kept if (one.template.name, one.template.language) == (name, language)), None
    )
    if chosen is None:
        raise NotFound("Templat itu tidak ada lagi di akun ini. Ambil ulang daftarnya, lalu pilih lagi.")
    filled, text = fill(chosen, values)
    message = say(work, conversation, text, key=key, capabilities=capabilities, now=now, staff=staff, vouched=True)
    work.outreach.use_template(message.id, filled)
    return message
