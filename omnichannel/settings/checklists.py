"""`checklists.toml` → what officers make sure of, by kind."""

from omnichannel.domain.case import Kind
from omnichannel.domain.checklist import Item
from omnichannel.settings.rows import Row
from omnichannel.settings.source import Source

FILE = "checklists.toml"
LONGEST = 120
MOST = 15  # of a kind; longer lists are not read


def load_checklists(source: Source) -> tuple[Item, ...]:
    """In the order of the file. BadConfig for an unknown kind, a key used twice, a line too long, a list too long."""
    table, file = source.table(FILE)
    found: list[Item] = []
    for row in Row(table, file, "", ("item",)).rows("item", ("kind", "key", "text")):
        kind, key, text = row.text("kind"), row.text("key"), row.text("text")
        if kind not in set(Kind):
            row.wrong("kind", f"one of {', '.join(Kind)}")
        if any(one.key == key and one.kind == kind for one in found):
            row.wrong("key", "a name that no other item of this kind has")
        if len(text) > LONGEST:
            row.wrong("text", f"at most {LONGEST} letters")
        found.append(Item(Kind(kind), key, text))
        if sum(one.kind == kind for one in found) > MOST:
            row.wrong("kind", f"at most {MOST} items of one kind")
    return tuple(found)
