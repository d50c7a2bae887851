"""The desk with the configuration that the package carries, for the stories of a case and the workers."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from omnichannel.connectors.lapor import SheetForwarder
from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.house import House
from omnichannel.domain.ports import Bell, Classifier, Clock, Connector, Store
from omnichannel.domain.verdict import Place, Verdict
from omnichannel.printing.printer import OfficePrinter
from omnichannel.router.classify import CueClassifier
from omnichannel.router.desk import Desk
from omnichannel.settings.load import Config, load
from omnichannel.store.files import DiskFiles
from tests.plug import OPEN


@cache
def carried() -> Config:
    """The defaults alone: no file, no secret, no account."""
    return load(None, {})


@cache
def a_classifier() -> Classifier:
    """The real one, with the carried tables; building it takes a moment."""
    return CueClassifier(carried().understanding)


def a_desk(capabilities: Capabilities | None = OPEN, **office: Any) -> Desk:
    """Every account can do the same; any field of the office may be given."""
    config = carried()

    def ability(account: str, surface: Surface) -> Capabilities | None:
        return capabilities

    return Desk(
        office=replace(config.office, **office),
        organisation=config.organisation,
        clocks=config.clocks,
        ability=ability,
    )


def a_house(
    store: Store,
    folder: Path,
    *,
    clock: Clock,
    bell: Bell,
    connectors: Iterable[Connector] = (),
    classifier: Classifier | None = None,
    **office: Any,
) -> House:
    """All sockets with their plugs in, on the store of the test."""
    config = carried()
    return House(
        office=replace(config.office, **office),
        organisation=config.organisation,
        store=store,
        files=DiskFiles(folder / "files"),
        bell=bell,
        clock=clock,
        clocks=config.clocks,
        classifier=classifier or a_classifier(),
        connectors={one.account: one for one in connectors},
        forwarder=SheetForwarder(),
        printer=OfficePrinter(config.office.letters),
    )


def a_verdict(
    kind: Kind = Kind.COMPLAINT,
    p: float = 0.95,
    *,
    topic: str = "pju",
    unit: str = "dishub",
    needs_person: bool = False,
    urgent: bool = False,
    place: Place | None = None,
) -> Verdict:
    """What the machine says, and how sure."""
    rest = (1 - p) / 3
    shares: Mapping[Kind, float] = {one: p if one is kind else rest for one in Kind}
    return Verdict(
        kind=kind,
        p=shares,
        second_kind=None,
        needs_person=needs_person,
        topic=topic,
        topics=((topic, 0.9),),
        unit=unit,
        units=((unit, 0.9),),
        place=place,
        urgent=urgent,
        reasons=(),
    )
