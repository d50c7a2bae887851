"""The first-run guide's hands: tries settings before it writes them down, and asks for a new start."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from omnichannel.connectors.catalogue import build
from omnichannel.domain.errors import BadConfig, Invalid, StoreAway, TryLater
from omnichannel.domain.guide import Naming, Wanted
from omnichannel.domain.ports import Probe
from omnichannel.settings.accounts import environment_name
from omnichannel.settings.guided import ADDRESS, Guided
from omnichannel.settings.load import Config, assemble

KEY = "setup.key"
PATIENCE = 20  # seconds for a platform to take us in
BREATH = 0.4  # seconds in which the answer under way leaves


class Guiding:
    """Fits `domain.guide.Guide`."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._guided = Guided(config.server.data)
        self._again = asyncio.Event()
        self.born = secrets.token_hex(6)

    @cached_property
    def named(self) -> bool:
        table, _ = self._config.source.settings()
        return "name" in {**self._guided.table().get("office", {}), **table.get("office", {})}

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(account.name for account in self._config.accounts)

    def key(self) -> str:
        path = self._config.server.data / KEY
        return _kept(path)

    async def name(self, naming: Naming) -> None:
        known = self._guided.table()
        table = {**known, "office": {**known.get("office", {}), **asdict(naming)}}
        held = self._guided.environment()
        self._tried(table, held)
        await asyncio.to_thread(self._guided.save, table, held)

    @property
    def published_by_hand(self) -> bool:
        table, _ = self._config.source.settings()
        return ADDRESS in table.get("server", {})

    async def publish(self, address: str) -> None:
        known = self._guided.table()
        table = {**known, "server": {ADDRESS: address}}
        held = self._guided.environment()
        self._tried(table, held)
        await asyncio.to_thread(self._guided.save, table, held)

    async def connect(self, wanted: Wanted, *, anyway: bool = False) -> str:
        table, held = self._with(wanted)
        found = self._tried(table, held)
        who = ""
        try:
            who = await self._opened(found, wanted.name)
        except Exception:
            if not anyway:
                raise
        await asyncio.to_thread(self._guided.save, table, held)
        return who

    def start_again(self) -> None:
        asyncio.get_running_loop().call_later(BREATH, self._again.set)

    async def asked(self) -> None:
        """Until somebody wants a new start."""
        await self._again.wait()

    def _with(self, wanted: Wanted) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        known = self._guided.table()
        others = [one for one in known.get("account", []) if one.get("name") != wanted.name]
        account = {"name": wanted.name, "channel": wanted.channel.value, **wanted.options}
        prefix = f"OMNI_{environment_name(wanted.name)}_"
        held = {name: value for name, value in self._guided.environment().items() if not name.startswith(prefix)}
        held |= {prefix + name: value for name, value in wanted.secrets.items() if value}
        return {**known, "account": [*others, account]}, held

    def _tried(self, table: Mapping[str, Any], held: Mapping[str, str]) -> Config:
        """What the service would start with. Invalid, in the words of the configuration, where it would not."""
        try:
            return assemble(self._config.source, data=self._config.server.data, proposed=(table, held))
        except BadConfig as error:
            raise Invalid(f"{error.key}: {error.expected}") from error

    async def _opened(self, config: Config, name: str) -> str:
        account = next(one for one in config.accounts if one.name == name)
        connector = build(account, public_url=config.office.public_url)
        try:
            async with asyncio.timeout(PATIENCE):
                await connector.open()
                return await connector.probe() if isinstance(connector, Probe) else ""
        except (TimeoutError, OSError) as error:
            raise TryLater(f"Tidak ada jawaban dari alamat itu ({str(error) or 'terlalu lama'}).") from error
        finally:
            await connector.close()


def _kept(path: Path) -> str:
    """The same after every start, until the first administrator is made."""
    try:
        if path.is_file() and (held := path.read_text(encoding="ascii").strip()):
            return held
        made = secrets.token_urlsafe(18)
        path.touch(mode=0o600)
        path.write_text(made + "\n", encoding="ascii")
        return made
    except OSError as error:
        raise StoreAway(f"{path}: {error.strerror}") from error
