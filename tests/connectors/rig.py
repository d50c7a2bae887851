"""What the contract asks of a channel's rig: its connector beside its toy platform, and the platform's faults by name.

A new channel adds `rigs/<channel>.py` with a class `Rig` and its `BATCHES`, and recordings; the contract finds them through
the catalogue.

    python -m tests.connectors.rig <channel>

writes the first draft of what each new recording means, to be checked against the platform's page.
"""

import importlib
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from omnichannel.domain.channel import Address, Channel
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Connector, Hook, Raw

RECORDINGS = Path(__file__).parent / "recordings"

Item = dict[str, Any]
# By name: the n-th plain message as the platform writes it, and the payload that holds these.
Batches = Mapping[str, tuple[Callable[[int], Item], Callable[[list[Any]], Any]]]


class Rig(Protocol):
    """One channel on a bench. Faults: flood (wait 7 s), server, hang, reset, bare, unauthorized, blocked."""

    signs_body: bool
    """The platform signs the body, not only the request."""
    secrets: tuple[str, ...]
    """What may appear in no log line and no repr."""
    silence: tuple[str, ...]
    """Faults after which nobody knows whether a message went out."""
    delivered: list[Raw]
    """What was posted to us; asked of rigs whose connector cannot poll."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    def account(self, **options: Any) -> Account:
        """An account on the toy, impatient; `mode` picks polling or webhook where the channel has both."""
        ...

    async def a_citizen_writes(self, text: str) -> Address:
        """A citizen writes; returns where an answer to them goes."""
        ...

    async def a_citizen_sends(self, content: bytes) -> Address: ...
    def fail(self, kind: str, times: int = 1) -> None: ...
    def calm(self) -> None:
        """Nothing fails any more."""

    def said(self) -> list[str]:
        """What reached citizens from our side."""
        ...

    def hook(self, body: bytes, secret: str | None = None) -> Hook | None:
        """A hook as the platform posts it; None where the channel has none. `secret`: the one used to sign."""
        ...


def rig_of(channel: Channel) -> Rig:
    """A fresh rig of a channel."""
    rig: Rig = importlib.import_module(f"tests.connectors.rigs.{channel.value}").Rig()
    return rig


def batches_of(channel: Channel) -> Batches:
    """Each way in which one payload of a channel holds many items; none where a payload is one item."""
    batches: Batches = importlib.import_module(f"tests.connectors.rigs.{channel.value}").BATCHES
    return batches


def recordings(channel: Channel) -> list[Path]:
    """Real-shaped payloads of a channel, each with its golden events beside it."""
    return sorted(one for one in (RECORDINGS / channel.value).glob("*") if not one.name.endswith(".events.json"))


def golden(tape: Path) -> Path:
    """Where a recording's meaning stands."""
    return tape.with_name(f"{tape.name}.events.json")


def draft(channel: Channel) -> None:
    """Our own reading of every recording that has no meaning yet."""
    connector = build(rig_of(channel).account())
    for tape in recordings(channel):
        if not golden(tape).exists():
            found = [event.as_json() for event in connector.parse(Raw(tape.read_bytes()))]
            golden(tape).write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
            print(golden(tape))


def build(account: Account) -> Connector:
    """The catalogue's connector."""
    from omnichannel.connectors import catalogue

    return catalogue.build(account)


if __name__ == "__main__":
    draft(Channel(sys.argv[1]))
