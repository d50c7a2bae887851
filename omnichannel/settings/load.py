"""All of the configuration in one piece, checked before anything starts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from omnichannel.domain.deadline import Clocks
from omnichannel.domain.errors import BadConfig
from omnichannel.domain.office import Account, Office
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.partner import Partner
from omnichannel.domain.pushing import PushRules
from omnichannel.domain.understanding import Understanding
from omnichannel.settings.accounts import load_accounts
from omnichannel.settings.calendar import load_calendar, load_clocks
from omnichannel.settings.checklists import load_checklists
from omnichannel.settings.guided import Guided, over
from omnichannel.settings.lapor import load_partner
from omnichannel.settings.office import SECTIONS, Server, load_office, load_server, own_address
from omnichannel.settings.pushing import load_push
from omnichannel.settings.rows import Row
from omnichannel.settings.source import Source

REPLY_TABLES = ("notice", "reply")
Proposed = tuple[Mapping[str, Any], Mapping[str, str]]  # what the guide would write: its table, its secrets


@dataclass(frozen=True)
class Config:
    """Everything that was configured. Costly parts are built when first asked for."""

    source: Source
    server: Server
    office: Office
    accounts: tuple[Account, ...]
    clocks: Clocks
    partner: Partner | None
    push: PushRules
    # Both may carry a password.
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)

    @cached_property
    def understanding(self) -> Understanding:
        """What the classifier is made from, the organisation with it."""
        return load_understanding(self.source)

    @property
    def organisation(self) -> Organisation:
        return self.understanding.organisation

    def listening(self, host: str, port: int) -> "Config":
        """The same where the service listens elsewhere than the settings say: an address for citizens that nobody chose
        follows, for a link to a door where nobody answers is worse than none."""
        if not port or self.server.public_url != own_address(self.server.host, self.server.port):
            return self
        address = own_address(host, port)
        return replace(
            self,
            server=replace(self.server, host=host, port=port, public_url=address),
            office=replace(self.office, public_url=address),
        )


def load(
    named: Path | None = None, environment: Mapping[str, str] | None = None, *, data: Path | None = None
) -> Config:
    """Read and check the whole configuration; BadConfig names file, key and what was expected.

    `data` overrides the data folder (as `demo --data` does).
    """
    return assemble(Source.find(named, os.environ if environment is None else environment), data=data)


def assemble(source: Source, *, data: Path | None = None, proposed: Proposed | None = None) -> Config:
    """The same from a source that was already found. `proposed` is tried in place of what the guide has written down."""
    table, file = source.settings()
    folder = data or load_server(Row(table, file, "", SECTIONS)).data
    added = Guided(folder)
    guided, held = (added.table(), added.environment()) if proposed is None else proposed
    main, source = Row(over(table, guided), file, "", SECTIONS), source.beside(held)
    server = load_server(main)
    accounts = load_accounts(main, source)
    clocks = load_legal_clocks(source)
    replies, replies_file = source.table("replies.toml")
    zone = clocks.calendar.zone
    office = load_office(
        main,
        Row(replies, replies_file, "", REPLY_TABLES),
        public_url=server.public_url,
        zone=zone,
        zone_name=str(zone),
        accounts=accounts,
    )
    return Config(
        source=source,
        server=Server(server.host, server.port, server.public_url, folder),
        office=replace(office, checklists=load_checklists(source)),
        accounts=accounts,
        clocks=clocks,
        partner=load_partner(main, source),
        push=load_push(main, source, public_url=server.public_url),
        redis_url=source.variable("OMNI_REDIS_URL"),
        database_url=_database(source.variable("OMNI_DATABASE_URL"), folder),
    )


def load_legal_clocks(source: Source) -> Clocks:
    """Calendar and periods alone, for `omnichannel deadline`."""
    holidays, holidays_file = source.table("holidays.toml")
    deadlines, deadlines_file = source.table("deadlines.toml")
    return load_clocks(deadlines, deadlines_file, load_calendar(holidays, holidays_file))


def load_understanding(source: Source) -> Understanding:
    """Words, cues and organisation alone, for `omnichannel classify`."""
    # Its tables are large and most commands classify nothing.
    from omnichannel.settings.understanding import build

    routing, _ = source.table("routing.toml")
    words, _ = source.table("words.toml")
    organisation, _ = source.table("organisation.toml")
    danger, _ = source.table("danger.toml")
    return build(routing, words, organisation, danger)


def load_organisation(source: Source) -> Organisation:
    """The units alone, for `omnichannel staff`."""
    from omnichannel.settings.understanding import ORGANISATION_KEYS, build_organisation

    organisation, file = source.table("organisation.toml")
    return build_organisation(Row(organisation, file, "", ORGANISATION_KEYS))


def _database(url: str | None, data: Path) -> str:
    if url is None:
        return f"sqlite:///{data / 'omnichannel.db'}"
    if not url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise BadConfig("environment", "OMNI_DATABASE_URL", "sqlite:///path or postgresql://user@host/name")
    return url
