"""`id IN (…)` for as many ids as may come, under one text: a database plans and prepares it once, not once for each length.

`among` goes through Core; `Several` is for the statements that are handed to the driver.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from omnichannel.store.hot import Hot

SIZES = (1, 4, 16, 64, 256)


class Among(FunctionElement[Any]):
    """Holds both spellings; the dialect takes its own."""

    # No Boolean: where a database has none, that is spelt `id IN (…) = 1`, and SQLite then looks at every row there is.
    type = sa.types.NULLTYPE
    inherit_cache = True


def among(column: Any, name: str = "p_ids") -> Among:
    """`column` is one of the ids that the parameter `name` lists."""
    listed: sa.BindParameter[Any] = sa.bindparam(name, expanding=True)
    array: sa.BindParameter[Any] = sa.bindparam(name, type_=ARRAY(sa.BigInteger))
    return Among(column.in_(listed), column == sa.any_(array))


@compiles(Among)
def _listed(element: Among, compiler: SQLCompiler, **more: Any) -> str:
    listed, _ = element.clauses
    return compiler.process(listed, **more)


@compiles(Among, "postgresql")
def _array(element: Among, compiler: SQLCompiler, **more: Any) -> str:
    _, array = element.clauses
    return compiler.process(array, **more)


class Several:
    """One hot statement for lists of ids: a few lengths of it, the shortest that holds the list, filled up with its last.

    As a list and no array or JSON: those SQLite does not always look up, but may read a whole table for.
    """

    def __init__(self, build: Callable[[Sequence[sa.BindParameter[int]]], Any]) -> None:
        """`build` writes the statement whose `IN` takes these parameters."""
        self._build = build
        self._hot: dict[int, Hot] = {}

    def asked(self, ids: Sequence[int]) -> Iterator[tuple[Hot, dict[str, int]]]:
        """What to run, and with what; once for each 256 of them."""
        for start in range(0, len(ids), SIZES[-1]):
            part = ids[start : start + SIZES[-1]]
            size = next(size for size in SIZES if size >= len(part))
            whole = [*part, *[part[-1]] * (size - len(part))]
            yield self.hot(size), {f"p_id{place}": one for place, one in enumerate(whole)}

    def hot(self, size: int) -> Hot:
        """The statement for so many."""
        if size not in self._hot:
            holes = [sa.bindparam(f"p_id{place}", type_=sa.BigInteger) for place in range(size)]
            self._hot[size] = Hot(self._build(holes))
        return self._hot[size]
