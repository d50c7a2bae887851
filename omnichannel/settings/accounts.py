"""`[[account]]`: one outside account each, its options from TOML, its secrets from the environment."""

import re
from collections.abc import Mapping, Sequence

from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import BadConfig
from omnichannel.domain.office import Account, Secret
from omnichannel.settings.rows import Row
from omnichannel.settings.source import Source

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
RESERVED = frozenset({"lapor", "database", "redis"})
ANYTHING = re.compile(r".*", re.DOTALL)
FIT: Mapping[str, tuple[re.Pattern[str], str]] = {
    "mode": (re.compile("poll|webhook"), '"poll" or "webhook"'),
    "since": (re.compile("all|now"), '"all" or "now"'),
    "base_url": (re.compile(r"https?://[^/\s@]+\S*"), "an address such as https://api.example.org"),
    "imap_url": (re.compile(r"imaps?://[^/\s@]+/?"), "an address such as imaps://mail.example.go.id:993"),
    "smtp_url": (re.compile(r"smtps?://[^/\s@]+/?"), "an address such as smtp://mail.example.go.id:587"),
    "address": (re.compile(r"[^@\s<>]+@[^@\s<>]+"), "a mail address such as humas@example.go.id"),
    "user_id": (re.compile(r"[0-9]{1,19}"), 'the account\'s number in quotes, such as "1500000000000000001"'),
}
# What is counted, not worded.
NUMBERS: Mapping[str, range] = {"monthly_budget_idr": range(10**12), "idr_per_usd": range(1_000, 10**6)}
X_KEYS = ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_SECRET")
OPTIONS: Mapping[Channel, Sequence[str]] = {
    Channel.TELEGRAM: ("mode", "base_url"),
    Channel.FACEBOOK: ("page_id", "base_url", "graph_version"),
    Channel.INSTAGRAM: ("page_id", "base_url", "graph_version"),
    Channel.WHATSAPP: ("phone_number_id", "business_id", "base_url", "graph_version"),
    Channel.X: ("user_id", "mode", "base_url", "monthly_budget_idr", "idr_per_usd", "client_id", "token_file"),
    Channel.MAIL: ("address", "imap_url", "smtp_url", "folder", "since"),
    Channel.SANDBOX: ("mode", "base_url"),
}
NEEDED: Mapping[Channel, Sequence[str]] = {
    Channel.TELEGRAM: (),
    Channel.FACEBOOK: ("page_id",),
    Channel.INSTAGRAM: ("page_id",),
    Channel.WHATSAPP: ("phone_number_id",),
    Channel.X: (),
    Channel.MAIL: ("address", "imap_url", "smtp_url"),
    Channel.SANDBOX: ("base_url",),
}
SECRETS: Mapping[Channel, Sequence[str]] = {
    Channel.TELEGRAM: ("TOKEN", "WEBHOOK_SECRET"),
    Channel.FACEBOOK: ("TOKEN", "APP_SECRET", "VERIFY_TOKEN"),
    Channel.INSTAGRAM: ("TOKEN", "APP_SECRET", "VERIFY_TOKEN"),
    Channel.WHATSAPP: ("TOKEN", "APP_SECRET", "VERIFY_TOKEN"),
    Channel.X: (*X_KEYS, "REFRESH_TOKEN", "CLIENT_SECRET"),
    Channel.MAIL: ("USER", "PASSWORD"),
    Channel.SANDBOX: ("SECRET",),
}
NEEDED_SECRETS: Mapping[Channel, Sequence[str]] = {
    Channel.TELEGRAM: ("TOKEN",),
    Channel.FACEBOOK: ("TOKEN", "APP_SECRET", "VERIFY_TOKEN"),
    Channel.INSTAGRAM: ("TOKEN", "APP_SECRET", "VERIFY_TOKEN"),
    Channel.WHATSAPP: ("TOKEN", "APP_SECRET", "VERIFY_TOKEN"),
    Channel.X: X_KEYS,
    Channel.MAIL: ("USER", "PASSWORD"),
    Channel.SANDBOX: ("SECRET",),
}


def load_accounts(main: Row, source: Source) -> tuple[Account, ...]:
    """Every account; BadConfig for an unknown channel or key, a missing secret, two accounts of one environment name."""
    accounts: list[Account] = []
    taken: dict[str, str] = {}
    for number, raw in enumerate(main.items("account", ()), start=1):
        where = f"account #{number}"
        channel = _channel(raw, main.file, where)
        row = Row(raw, main.file, where, ("name", "channel", *OPTIONS[channel]))
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
    known = ", ".join(sorted(OPTIONS))
    # Anything may stand there, a list too, which no lookup would take.
    if not isinstance(named, str) or named not in OPTIONS:
        raise BadConfig(file, f"{where}.channel", f"one of {known}, not {named!r}")
    return Channel(named)


def _account(row: Row, channel: Channel, source: Source) -> Account:
    name = row.text("name")
    if not NAME.fullmatch(name):
        row.wrong("name", "small letters, digits and dashes, such as tg-humas")
    if name in RESERVED:
        row.wrong("name", f"a name whose OMNI_{environment_name(name)}_… does not belong to the service itself")
    options: dict[str, str | int | bool] = {}
    for key in OPTIONS[channel]:
        if key in NUMBERS:
            if row.raw(key) is not None:
                options[key] = row.number(key, NUMBERS[key])
            continue
        value = row.text(key) if key in NEEDED[channel] else row.optional_text(key)
        if value is not None:
            _must_be_fit(row, key, value)
            options[key] = value
    needed = _needed(channel, options)
    secrets = _secrets(row.file, name, channel, source, needed)
    return Account(name=name, channel=channel, options=options, secrets=secrets)


def _needed(channel: Channel, options: Mapping[str, str | int | bool]) -> list[str]:
    """The secrets this account cannot do without."""
    needed, told = list(NEEDED_SECRETS[channel]), options.get("mode") == "webhook"
    if channel is Channel.TELEGRAM and told:
        # Without it anybody could write to us in a citizen's name (core.telegram.org/bots/api#setwebhook, 2026-11).
        needed.append("WEBHOOK_SECRET")
    if channel is Channel.X and "client_id" in options:
        # OAuth 2.0 signs nothing; X still signs its webhooks with the consumer secret.
        needed = ["ACCESS_TOKEN", "REFRESH_TOKEN", *(["CONSUMER_SECRET"] if told else [])]
    return needed


def _must_be_fit(row: Row, key: str, value: str) -> None:
    shape, expected = FIT.get(key, (ANYTHING, ""))
    if key.endswith("_url") and "@" in value:
        # The error is printed and logged: a password that was written into the address must not be.
        raise BadConfig(row.file, row.path(key), f"{expected}; user and password belong in the environment")
    if not shape.fullmatch(value):
        row.wrong(key, expected)


def _secrets(file: str, name: str, channel: Channel, source: Source, needed: Sequence[str]) -> dict[str, Secret]:
    secrets: dict[str, Secret] = {}
    for key in SECRETS[channel]:
        variable = f"OMNI_{environment_name(name)}_{key}"
        for suffix in ("", "_PREVIOUS"):
            found = source.secret(variable + suffix)
            if found is not None:
                secrets[key + suffix] = found
        if key in needed and key not in secrets:
            raise BadConfig("environment", variable, f"the {key} of account {name!r} ({file}), or {variable}_FILE")
    return secrets
