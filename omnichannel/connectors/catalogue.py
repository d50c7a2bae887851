"""Channel → connector. A new channel adds one line here."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from omnichannel.connectors import sandbox, telegram
from omnichannel.domain.channel import Channel
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Connector

BUILDERS: Mapping[Channel, Callable[[Account], Connector]] = {
    Channel.TELEGRAM: telegram.build,
    Channel.SANDBOX: sandbox.build,
}


def build(account: Account, *, public_url: str = "") -> Connector:
    """The connector of an account. `public_url` is how platforms reach us: hooks lie under /hooks/<account>."""
    if public_url and "webhook_url" not in account.options:
        hook = f"{public_url.rstrip('/')}/hooks/{account.name}"
        account = replace(account, options={**account.options, "webhook_url": hook})
    return BUILDERS[account.channel](account)
