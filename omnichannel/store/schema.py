"""The schema's version: Alembic, from inside the package, on a connection that is already in a transaction."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

SCRIPTS = Path(__file__).parent / "migrations"


def config() -> Config:
    """Alembic's settings, without a file: the scripts lie beside this module, in the wheel too."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def upgrade(connection: sa.Connection) -> None:
    """All migrations that are missing, in this transaction: all of them or none."""
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


@cache
def head() -> str | None:
    """The newest migration that this version carries."""
    return ScriptDirectory.from_config(config()).get_current_head()


def is_current(connection: sa.Connection) -> bool:
    """Whether every migration has run. A newer schema than ours is not ours."""
    return MigrationContext.configure(connection).get_current_revision() == head()
