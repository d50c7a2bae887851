"""Channels, what each is called and asks of its account, and what a surface can do: facts, so that nobody writes
`if channel ==`.

One more channel adds its name to `Channel` and its stanza to `STANZAS`; settings, doctor, catalogue and screens read
both. ADDING_A_CHANNEL.md is the recipe.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from omnichannel.domain.length import Count


class Channel(StrEnum):
    """Where citizens write. For icons and reports, never for a decision."""

    TELEGRAM = "telegram"
    X = "x"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    WHATSAPP = "whatsapp"
    MAIL = "mail"
    WEB = "web"
    VISIT = "visit"
    PHONE = "phone"
    LETTER = "letter"
    LAPOR = "lapor"
    SANDBOX = "sandbox"


Options = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class Option:
    """A key of an account's `[[account]]`: a text that fits `shape` whole, or a whole number within `numbers`.

    `expected` tells whoever wrote something else what belongs there, in English, as a sentence's object.
    """

    key: str
    needed: bool = False
    shape: str = r"(?s:.*)"
    expected: str = "a text in quotes"
    numbers: range | None = None


def always(options: Options) -> bool:
    """Without this secret nothing works."""
    return True


def never(options: Options) -> bool:
    """It is read where it is given."""
    return False


def told(options: Options) -> bool:
    """The platform posts to us, and anybody else might."""
    return options.get("mode") == "webhook"


@dataclass(frozen=True, slots=True)
class Key:
    """A secret, OMNI_<ACCOUNT>_<NAME> in the environment, and with which options an account cannot do without it."""

    name: str
    needed: Callable[[Options], bool] = always


@dataclass(frozen=True, slots=True, kw_only=True)
class Stanza:
    """What one channel is called on a screen, and what its account must say in the configuration.

    `word` is Indonesian (a proper name needs no English; else it stands in web/words); `mark` is two letters, or `icon`
    names a drawing instead. Without `account` the channel is ours alone and no `[[account]]` may name it.
    """

    word: str
    mark: str
    icon: str = ""
    options: tuple[Option, ...] = ()
    keys: tuple[Key, ...] = ()
    account: bool = True


BASE_URL = Option("base_url", shape=r"https?://[^/\s@]+\S*", expected="an address such as https://api.example.org")
MODE = Option("mode", shape="poll|webhook", expected='"poll" or "webhook"')


def _meta(word: str, mark: str, *options: Option) -> Stanza:
    """Meta's three share the app's keys, and the version of its Graph."""
    keys = (Key("TOKEN"), Key("APP_SECRET"), Key("VERIFY_TOKEN"))
    return Stanza(word=word, mark=mark, options=(*options, BASE_URL, Option("graph_version")), keys=keys)


def _modern(options: Options) -> bool:
    """OAuth 2.0 at X: an app with a client id signs nothing and renews its token."""
    return "client_id" in options


def _signed(options: Options) -> bool:
    """OAuth 1.0a at X: four keys that never expire."""
    return not _modern(options)


def _signed_or_told(options: Options) -> bool:
    """X signs its webhooks with the consumer secret, whichever way we sign in."""
    return _signed(options) or told(options)


def _by_password(options: Options) -> bool:
    """A mailbox that still lets a password in."""
    return options.get("login") != "token"


def _renewed(options: Options) -> bool:
    """A mailbox by token, which we renew ourselves."""
    return options.get("login") == "token" and "token_url" in options


def _given(options: Options) -> bool:
    """A mailbox by token, which somebody else renews."""
    return options.get("login") == "token" and "token_url" not in options


STANZAS: Mapping[Channel, Stanza] = {
    Channel.TELEGRAM: Stanza(
        word="Telegram",
        mark="TG",
        options=(MODE, BASE_URL),
        # Without it anybody could write to us in a citizen's name (core.telegram.org/bots/api#setwebhook, 2026-11).
        keys=(Key("TOKEN"), Key("WEBHOOK_SECRET", told)),
    ),
    Channel.FACEBOOK: _meta("Facebook", "FB", Option("page_id", needed=True)),
    Channel.INSTAGRAM: _meta("Instagram", "IG", Option("page_id", needed=True)),
    Channel.WHATSAPP: _meta("WhatsApp", "WA", Option("phone_number_id", needed=True), Option("business_id")),
    Channel.X: Stanza(
        word="X",
        mark="X",
        options=(
            Option(
                "user_id",
                shape="[0-9]{1,19}",
                expected='the account\'s number in quotes, such as "1500000000000000001"',
            ),
            MODE,
            BASE_URL,
            Option("monthly_budget_idr", numbers=range(10**12)),
            Option("idr_per_usd", numbers=range(1_000, 10**6)),
            Option("client_id"),
            Option("token_file"),
        ),
        keys=(
            Key("CONSUMER_KEY", _signed),
            Key("CONSUMER_SECRET", _signed_or_told),
            Key("ACCESS_TOKEN"),
            Key("ACCESS_SECRET", _signed),
            Key("REFRESH_TOKEN", _modern),
            Key("CLIENT_SECRET", never),
        ),
    ),
    Channel.MAIL: Stanza(
        word="Surel",
        mark="ML",
        icon="mail",
        options=(
            Option("address", True, r"[^@\s<>]+@[^@\s<>]+", "a mail address such as humas@example.go.id"),
            Option("imap_url", True, r"imaps?://[^/\s@]+/?", "an address such as imaps://mail.example.go.id:993"),
            Option("smtp_url", True, r"smtps?://[^/\s@]+/?", "an address such as smtp://mail.example.go.id:587"),
            Option("folder"),
            Option("since", shape="all|now", expected='"all" or "now"'),
            Option("plus_address", shape="yes|no", expected='"yes" or "no"'),
            Option("history", shape="yes|no", expected='"yes" or "no"'),
            Option("poll_seconds", numbers=range(1, 61)),
            Option("login", shape="password|token", expected='"password" or "token"'),
            Option(
                "token_url", shape=r"https?://[^/\s@]+\S*", expected="an address such as https://oauth2.example/token"
            ),
            Option("client_id"),
            Option("scope"),
            Option("token_file"),
        ),
        keys=(
            Key("USER"),
            Key("PASSWORD", _by_password),
            Key("REFRESH_TOKEN", _renewed),
            Key("CLIENT_SECRET", never),
            Key("ACCESS_TOKEN", _given),
        ),
    ),
    Channel.WEB: Stanza(word="Formulir web", mark="WB", icon="globe", account=False),
    # No platform stands behind these: staff write down who came, called or wrote, and what was answered.
    Channel.VISIT: Stanza(word="Tatap muka", mark="TM", icon="user", account=False),
    Channel.PHONE: Stanza(word="Telepon", mark="TL", account=False),
    Channel.LETTER: Stanza(word="Surat", mark="SR", icon="doc", account=False),
    # Reports that SP4N-LAPOR! gives to this office: they come by its own export, and answers go back to it.
    Channel.LAPOR: Stanza(word="SP4N-LAPOR!", mark="SP", icon="horn", account=False),
    Channel.SANDBOX: Stanza(
        word="Kanal uji", mark="UJ", options=(MODE, replace(BASE_URL, needed=True)), keys=(Key("SECRET"),)
    ),
}


class Surface(StrEnum):
    """Who can read it: the two of us, or everybody."""

    DIRECT = "direct"
    PUBLIC = "public"


class Late(StrEnum):
    """What a platform allows once the reply window has shut."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    TEMPLATE = "template"
    HUMAN_TAG = "human_tag"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one surface of one channel can do.

    `text_limit` counts as `counts` says; `window` runs from the citizen's last word (None: no limit);
    `attachment_limit` is in bytes and None where no file can be sent; `attachment_limits` narrows it by kind
    (`domain.attaching`), `attachments_most` counts one message's files, `attachments_together` measures them as one, and
    the kinds of `attachments_alone` go one a message. `several`: a long answer may leave as several
    messages. `caption`: so many letters go along with a file, longer words before it (None: words and files always go
    together). `read_marks`: the citizen can be shown that their message was read. `private` is what the direct thread can
    do that a private answer to a comment opens; it may be given once, until `private_window` after the comment (None: for
    ever). `private_notices`: it reaches whoever commented, so a machine's notice may go that way, too. `repeats`: the
    same words may be said to two people. `by_hand`: nothing leaves from here, what is written is the record of what was
    said or handed over. `silent`: a machine's notices have no place there. `answers_hidden`: a hidden comment can still be
    answered. `history`: a letter that repeats what was said before below its words.
    """

    text_limit: int
    window: timedelta | None = None
    late: Late = Late.ALLOWED
    late_window: timedelta | None = None
    private_reply: bool = False
    receipts: bool = False
    attachment_limit: int | None = None
    attachment_limits: Mapping[str, int] = field(default_factory=dict)
    attachments_most: int = 10
    attachments_together: bool = False
    attachments_alone: frozenset[str] = frozenset()
    edit: bool = False
    hide: bool = False
    subject: bool = False
    counts: Count = Count.LETTERS
    several: bool = False
    caption: int | None = None
    read_marks: bool = False
    private: "Capabilities | None" = None
    private_window: timedelta | None = None
    private_notices: bool = False
    repeats: bool = True
    by_hand: bool = False
    silent: bool = False
    answers_hidden: bool = True
    history: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """Where an answer goes: the thread on the platform, and the citizen in it."""

    conversation: str
    surface: Surface
    contact: str
    extra: Mapping[str, str] = field(default_factory=dict)


class Health(StrEnum):
    """How an account is doing."""

    UNKNOWN = "unknown"
    WELL = "well"
    TROUBLED = "troubled"
    BROKEN = "broken"
