"""`[[account]]`: one outside account each, its options from TOML, its secrets from the environment."""

import re
from collections.abc import Mapping, Sequence

from omnichannel.domain.channel import STANZAS, Channel, Key, Option, Options, Stanza
from omnichannel.domain.errors import BadConfig
from omnichannel.domain.office import Account, Secret
from omnichannel.settings.rows import Row
from omnichannel.settings.source import Source

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
RESERVED = frozenset({"lapor", "database", "redis"})
CHANNELS: Mapping[str, Stanza] = {channel.value: stanza for channel, stanza in STANZAS.items() if stanza.account}


def load_accounts(main: Row, source: Source) -> tuple[Account, ...]:
    """Every account; BadConfig for an unknown channel or key, a missing secret, two accounts of one environment name."""
    accounts: list[Account] = []
    taken: dict[str, str] = {}
    for number, raw in enumerate(main.items("account", ()), start=1):
        where = f"account #{number}"
        channel = _channel(raw, main.file, where)
        row = Row(raw, main.file, where, ("name", "channel", *(one.key for one in STANZAS[channel].options)))
        account = _account(row, channel, source)
        environment = environment_name(account.name)
        if environment in taken:
            row.wrong("name", f"a name whose secrets do not share OMNI_{environment}_… with {taken[environment]!r}")
        taken[environment] = account.name
        accounts.append(account)
    return tuple(accounts)


def environment_name(account: str) -> str:
    """`wa-humas` → `WA_HUMAS`, as in OMNI_WA_HUMAS_TOKEN."""
    return account.upper().replace("-", "_")


def _channel(raw: object, file: str, where: str) -> Channel:
    named = raw.get("channel") if isinstance(raw, Mapping) else None
    # Anything may stand there, a list too, which no lookup would take.
    if not isinstance(named, str) or named not in CHANNELS:
        raise BadConfig(file, f"{where}.channel", f"one of {', '.join(sorted(CHANNELS))}, not {named!r}")
    return Channel(named)


def _account(row: Row, channel: Channel, source: Source) -> Account:
    name = row.text("name")
    if not NAME.fullmatch(name):
        row.wrong("name", "small letters, digits and dashes, such as tg-humas")
    if name in RESERVED:
        row.wrong("name", f"a name whose OMNI_{environment_name(name)}_… does not belong to the service itself")
    options: dict[str, str | int | bool] = {}
    for option in STANZAS[channel].options:
        if option.needed or row.raw(option.key) is not None:
            options[option.key] = _read(row, option)
    secrets = _secrets(row.file, name, STANZAS[channel].keys, options, source)
    return Account(name=name, channel=channel, options=options, secrets=secrets)


def _read(row: Row, option: Option) -> str | int:
    if option.numbers is not None:
        return row.number(option.key, option.numbers)
    value = row.text(option.key)
    if option.key.endswith("_url") and "@" in value:
        # The error is printed and logged: a password that was written into the address must not be.
        raise BadConfig(
            row.file, row.path(option.key), f"{option.expected}; user and password belong in the environment"
        )
    if not re.fullmatch(option.shape, value):
        row.wrong(option.key, option.expected)
    return value


def _secrets(file: str, name: str, keys: Sequence[Key], options: Options, source: Source) -> dict[str, Secret]:
    secrets: dict[str, Secret] = {}
    for key in keys:
        variable = f"OMNI_{environment_name(name)}_{key.name}"
        for suffix in ("", "_PREVIOUS"):
            found = source.secret(variable + suffix)
            if found is not None:
                secrets[key.name + suffix] = found
        if key.name not in secrets and key.needed(options):
            raise BadConfig("environment", variable, f"the {key.name} of account {name!r} ({file}), or {variable}_FILE")
    return secrets
