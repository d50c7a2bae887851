"""Channel → connector. A new channel adds one line here.

A channel's module is imported when the first account of it is built: aiogram alone costs two seconds of every start, and
an office with nothing but a mailbox, or `parse mail`, should not wait for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module

from omnichannel.domain.channel import Channel
from omnichannel.domain.counter import WAYS
from omnichannel.domain.forms import ACCOUNT
from omnichannel.domain.inbound import ACCOUNT as FROM_LAPOR
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Connector

Builder = Callable[[Account], Connector]


def _in(room: str) -> Builder:
    """`build` of that module beside us, imported when it is called."""

    def build(account: Account) -> Connector:
        made: Connector = import_module(f"omnichannel.connectors.{room}").build(account)
        return made

    return build


BUILDERS: Mapping[Channel, Builder] = {
    Channel.TELEGRAM: _in("telegram"),
    Channel.FACEBOOK: _in("facebook"),
    Channel.INSTAGRAM: _in("instagram"),
    Channel.WHATSAPP: _in("whatsapp"),
    Channel.X: _in("x"),
    Channel.MAIL: _in("mail"),
    Channel.SANDBOX: _in("sandbox"),
}

# Our own pages: nobody's account, so no `[[account]]` names them and no platform can fail.
OURS: Mapping[Channel, Builder] = {
    Channel.WEB: _in("webform"),
    Channel.LAPOR: _in("lapor.inbox"),
    **dict.fromkeys(WAYS.values(), _in("counter")),
}


def forms() -> Connector:
    """The public forms, which every office has (UU 14/2008, Pasal 22: anybody may ask)."""
    return OURS[Channel.WEB](Account(ACCOUNT, Channel.WEB))


def ours() -> dict[str, Connector]:
    """Every connector that needs no account: the forms, what staff write down, and what LAPOR gives to us."""
    made = {way: OURS[channel](Account(way, channel)) for way, channel in WAYS.items()}
    return {ACCOUNT: forms(), FROM_LAPOR: OURS[Channel.LAPOR](Account(FROM_LAPOR, Channel.LAPOR)), **made}


def build(account: Account, *, public_url: str = "") -> Connector:
    """The connector of an account. `public_url` is how platforms reach us: hooks lie under /hooks/<account>."""
    if public_url and "webhook_url" not in account.options:
        hook = f"{public_url.rstrip('/')}/hooks/{account.name}"
        account = replace(account, options={**account.options, "webhook_url": hook})
    return BUILDERS[account.channel](account)
