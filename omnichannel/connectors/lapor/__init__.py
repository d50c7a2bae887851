"""SP4N-LAPOR!: the ways of sending a report, each a `Forwarder`. `mapping` holds every name and quirk of the gateway."""

from omnichannel.connectors.lapor.api import ApiForwarder
from omnichannel.connectors.lapor.inbox import LaporInbox
from omnichannel.connectors.lapor.sheet import BatchForwarder, SheetForwarder

__all__ = ["ApiForwarder", "BatchForwarder", "LaporInbox", "SheetForwarder"]
