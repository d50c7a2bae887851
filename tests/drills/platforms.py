"""The outside world of a drill: four toy accounts, their citizens, and what reached them."""

import re
from collections import Counter
from pathlib import Path

from omnichannel.toys.mail import MailToy
from omnichannel.toys.sandbox import SandboxToy
from omnichannel.toys.telegram import TelegramToy

ACCOUNTS = ("tg", "tgh", "pos", "coba")
CONFIG = """
[server]
port = {port}
[store]
data_dir = "{data}"
[[account]]
name = "tg"
channel = "telegram"
mode = "poll"
base_url = "{telegram}"
[[account]]
name = "tgh"
channel = "telegram"
mode = "webhook"
base_url = "{telegram_hook}"
[[account]]
name = "pos"
channel = "mail"
address = "humas@kutim.example"
imap_url = "{imap}"
smtp_url = "{smtp}"
[[account]]
name = "coba"
channel = "sandbox"
base_url = "{sandbox}"
"""


def a_complaint(sign: str) -> str:
    """Words that the machine is sure of: a case is opened, and a receipt leaves."""
    return f"Lampu jalan di Teluk Lingga mati sudah seminggu, gelap sekali. Mohon segera diperbaiki. Tiang {sign}"


class Platforms:
    """Telegram polled, Telegram by webhook, a mailbox, and the sandbox by webhook."""

    def __init__(self) -> None:
        self.polled = TelegramToy(token="1001:polled", account="tg")
        self.hooked = TelegramToy(token="1002:hooked", account="tgh")
        self.mail = MailToy(account="pos")
        self.sandbox = SandboxToy(account="coba", receipts=False)
        self.written: Counter[str] = Counter()
        self._looked: Counter[TelegramToy] = Counter()
        self._said: Counter[TelegramToy] = Counter()

    async def start(self, folder: Path, port: int) -> tuple[Path, dict[str, str]]:
        """Listen, and write the configuration that points at us; its secrets."""
        for toy in (self.polled, self.hooked, self.mail, self.sandbox):
            await toy.start()
        self.sandbox.courier.url = f"http://127.0.0.1:{port}/hooks/coba"
        config = folder / "omnichannel.toml"
        config.write_text(
            CONFIG.format(
                port=port,
                data=folder / "data",
                telegram=self.polled.base,
                telegram_hook=self.hooked.base,
                imap=self.mail.imap_url,
                smtp=self.mail.smtp_url,
                sandbox=self.sandbox.base,
            )
        )
        return config, {
            "OMNI_TG_TOKEN": self.polled.token,
            "OMNI_TGH_TOKEN": self.hooked.token,
            "OMNI_TGH_WEBHOOK_SECRET": "rahasia-hook",
            "OMNI_POS_USER": self.mail.user,
            "OMNI_POS_PASSWORD": self.mail.password,
            "OMNI_COBA_SECRET": self.sandbox.secret,
        }

    async def stop(self) -> None:
        for toy in (self.polled, self.hooked, self.mail, self.sandbox):
            await toy.stop()

    async def write(self, number: int) -> None:
        """One new citizen writes on every account; each text is unlike any other."""
        for account, toy in (("tg", self.polled), ("tgh", self.hooked), ("pos", self.mail), ("coba", self.sandbox)):
            await toy.write(
                None,
                f"Warga {account} {number}",
                a_complaint(f"{account} {number}"),
            )
            self.written[account] += 1

    @property
    def waiting(self) -> int:
        """What citizens sent and the office has not yet taken; letters stay in the mailbox for ever."""
        return self.polled.pending + self.hooked.pending + self.hooked.courier.waiting + self.sandbox.courier.waiting

    def said(self, account: str) -> int:
        """How often the office has handed something over there; asked hundreds of times a second."""
        for toy in (self.polled, self.hooked):
            if toy.account == account:
                fresh = toy.calls[self._looked[toy] :]
                self._looked[toy] += len(fresh)
                self._said[toy] += sum(method.startswith("send") for method, _ in fresh)
                return self._said[toy]
        return len(self.mail.sent) if account == self.mail.account else len(self.sandbox.calls)

    def answers(self) -> tuple[int, int]:
        """How many messages of the office arrived, and how many arrived more than once."""
        handed = self._handed()
        return len(handed), sum(handed.values()) - len(handed)

    def _handed(self) -> Counter[tuple[str, str, str]]:
        """(account, citizen, words) of every hand-over. The sandbox forgives a repeated key: its calls tell the truth."""
        handed: Counter[tuple[str, str, str]] = Counter()
        for toy in (self.polled, self.hooked):
            for chat in toy.chats():
                handed.update((toy.account, chat.id, line.text) for line in chat.lines if not line.mine)
        handed.update((self.mail.account, ",".join(one.recipients), _message_id(one.raw)) for one in self.mail.sent)
        handed.update(("coba", one["thread"], one["key"]) for call, one in self.sandbox.calls if call == "send")
        return handed


def _message_id(raw: bytes) -> str:
    found = re.search(rb"^Message-ID:\s*(\S+)", raw, re.IGNORECASE | re.MULTILINE)
    assert found is not None, "a letter without Message-ID"
    return found[1].decode()
