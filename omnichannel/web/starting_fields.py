"""The form of a channel's account, made from what its stanza asks for; only the words for people stand here."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from omnichannel.domain.channel import STANZAS, Channel, Option, always
from omnichannel.domain.errors import Invalid
from omnichannel.domain.guide import Wanted

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
ABOUT: Mapping[Channel, str] = {
    Channel.TELEGRAM: "Buat bot di @BotFather, lalu salin tokennya. Selesai dalam dua menit.",
    Channel.MAIL: "Kotak surat kantor, lewat IMAP dan SMTP.",
    Channel.WHATSAPP: "WhatsApp Cloud API dari Meta: perlu aplikasi Meta dan alamat https.",
    Channel.FACEBOOK: "Halaman Facebook: pesan dan komentar. Perlu aplikasi Meta dan alamat https.",
    Channel.INSTAGRAM: "Akun Instagram profesional: pesan dan komentar. Perlu aplikasi Meta dan alamat https.",
    Channel.X: "Akun X: sebutan dan pesan, dalam anggaran rupiah yang Anda tentukan.",
    Channel.SANDBOX: "Kanal uji untuk pengembang.",
}
USUAL: Mapping[Channel, str] = {
    Channel.TELEGRAM: "tg-humas",
    Channel.MAIL: "surel",
    Channel.WHATSAPP: "wa-humas",
    Channel.FACEBOOK: "fb-humas",
    Channel.INSTAGRAM: "ig-humas",
    Channel.X: "x-humas",
    Channel.SANDBOX: "uji",
}
WORDS: Mapping[str, tuple[str, str]] = {
    "address": ("Alamat surel", "ppid@contoh.go.id"),
    "imap_url": ("Server surat masuk (IMAP)", "imaps://mail.contoh.go.id:993"),
    "smtp_url": ("Server surat keluar (SMTP)", "smtp://mail.contoh.go.id:587"),
    "folder": ("Folder", "INBOX"),
    "mode": ("Cara menerima: poll atau webhook", "poll"),
    "base_url": ("Alamat API, bila bukan alamat resmi platform", "https://…"),
    "phone_number_id": ("Phone number ID, dari halaman WhatsApp di aplikasi Meta", ""),
    "business_id": ("WhatsApp Business Account ID, untuk templat", ""),
    "page_id": ("ID halaman atau akun", ""),
    "user_id": ("Nomor akun X (bukan @nama)", ""),
    "monthly_budget_idr": ("Anggaran sebulan, rupiah", "500000"),
    "TOKEN": ("Token", ""),
    "APP_SECRET": ("App secret, dari Pengaturan > Dasar di aplikasi Meta", ""),
    "VERIFY_TOKEN": ("Verify token: salin ini ke pengaturan webhook di aplikasi Meta", ""),
    "WEBHOOK_SECRET": ("Rahasia webhook: dibuatkan, biarkan saja", ""),
    "USER": ("Nama pengguna kotak surat", ""),
    "PASSWORD": ("Kata sandi kotak surat", ""),
    "CONSUMER_KEY": ("API key", ""),
    "CONSUMER_SECRET": ("API key secret", ""),
    "ACCESS_TOKEN": ("Access token", ""),
    "ACCESS_SECRET": ("Access token secret", ""),
    "SECRET": ("Rahasia tanda tangan", ""),
}
DRAWN = ("VERIFY_TOKEN", "WEBHOOK_SECRET")  # ours to choose
SHOWN = ("USER", *DRAWN)  # no secret that a form must hide from whoever types it


@dataclass(frozen=True, slots=True)
class Line:
    """One field: `key` is an option in small letters or a secret in capitals."""

    key: str
    word: str
    hint: str
    value: str
    needed: bool
    hidden: bool
    number: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The account as it stands in the form."""

    channel: Channel
    name: str
    lines: tuple[Line, ...]
    hook: str
    more: tuple[Line, ...] = field(default=())

    @property
    def word(self) -> str:
        return STANZAS[self.channel].word

    def wanted(self) -> Wanted:
        """Invalid where something is missing or no number."""
        if not NAME.fullmatch(self.name):
            raise Invalid("Nama akun: huruf kecil, angka, dan tanda hubung, misalnya tg-humas.")
        options: dict[str, str | int] = {}
        held: dict[str, str] = {}
        for line in (*self.lines, *self.more):
            if line.needed and not line.value:
                raise Invalid(f"{line.word}: belum diisi.")
            if not line.value:
                continue
            if any(not sign.isprintable() for sign in line.value):
                raise Invalid(f"{line.word}: hanya satu baris teks.")
            if line.key.isupper():
                held[line.key] = line.value
            elif line.number:
                if not (line.value.isascii() and line.value.isdigit()):
                    raise Invalid(f"{line.word}: tulis angka saja.")
                options[line.key] = int(line.value)
            else:
                options[line.key] = line.value
        return Wanted(name=self.name, channel=self.channel, options=options, secrets=held)


def empty(channel: Channel, public_url: str) -> Form:
    """The form as it first stands."""
    return filled(channel, {key: secrets.token_urlsafe(18) for key in DRAWN}, public_url)


def filled(channel: Channel, given: Mapping[str, str], public_url: str) -> Form:
    """The form with what was typed."""
    stanza, name = STANZAS[channel], given.get("nama", USUAL[channel])
    options = {one.key: given.get(one.key, "") for one in stanza.options if given.get(one.key)}
    lines = [_option(one, given) for one in stanza.options]
    for key in stanza.keys:
        needed = key.needed(options)
        if needed or key.needed is always or key.name in WORDS:
            word, hint = WORDS.get(key.name, (key.name, ""))
            value = given.get(key.name, "")
            lines.append(Line(key.name, word, hint, value, needed, key.name not in SHOWN))
    first = tuple(line for line in lines if line.needed)
    rest = tuple(line for line in lines if not line.needed and line.key in WORDS)
    return Form(channel, name, first, f"{public_url.rstrip('/')}/hooks/{name}", rest)


def _option(option: Option, given: Mapping[str, str]) -> Line:
    word, hint = WORDS.get(option.key, (option.key, ""))
    value = given.get(option.key, "")
    return Line(option.key, word, hint, value, option.needed, False, option.numbers is not None)
