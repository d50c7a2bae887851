"""`id IN (…)` for as many ids as may come, under one text: a database plans and prepares it once, not once for each length."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Among(FunctionElement[bool]):
    """Holds both spellings; the dialect takes its own."""

    type = sa.Boolean()
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
