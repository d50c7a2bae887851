"""The parts that the roof has chosen, handed to doors (web) and clocks (workers) in one piece."""

from collections.abc import Mapping
from dataclasses import dataclass

from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.deadline import Clocks
from omnichannel.domain.errors import NotFound
from omnichannel.domain.guide import Guide
from omnichannel.domain.office import Office
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.ports import Bell, Classifier, Clock, Connector, Files, Forwarder, Models, Store
from omnichannel.domain.printing import Printer
from omnichannel.domain.pushing import Pusher


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Sockets with their plugs in."""

    office: Office
    organisation: Organisation
    store: Store
    files: Files
    bell: Bell
    clock: Clock
    clocks: Clocks
    classifier: Classifier
    connectors: Mapping[str, Connector]
    forwarder: Forwarder
    printer: Printer
    models: Models | None = None
    pusher: Pusher | None = None  # the way to officers' own devices
    guide: Guide | None = None  # None where settings are not this process's to write (the demo, a test)
    can_learn: bool = False  # whether the libraries that learning needs are installed

    def connector(self, account: str) -> Connector:
        """NotFound when config has no such account (any more)."""
        found = self.connectors.get(account)
        if found is None:
            raise NotFound(f"Akun {account!r} tidak ada di konfigurasi.")
        return found

    def capabilities(self, account: str, surface: Surface) -> Capabilities | None:
        """What may be done on that surface; None when the account is gone or has no such surface."""
        found = self.connectors.get(account)
        return found.surfaces.get(surface) if found is not None else None
