"""Reads one TOML table key by key, and names file and key when something is not as it should be."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NoReturn

from omnichannel.domain.errors import BadConfig


class Row:
    """A table whose keys are all known beforehand: a misspelt key is found, not passed over.

    `where` is how a person finds it in the file: "" for the file itself, "day #3" for the third [[day]].
    """

    def __init__(self, raw: object, file: str, where: str, known: Sequence[str]) -> None:
        self.file = file
        self.where = where
        if not isinstance(raw, Mapping):
            raise BadConfig(file, where or "(file)", f"a table with {', '.join(known)}")
        self._raw = raw
        for key in raw:
            if key not in known:
                raise BadConfig(file, self.path(str(key)), f"unknown key; one of {', '.join(known)}")

    def path(self, key: str) -> str:
        """The key as an error names it."""
        return f"{self.where}.{key}" if self.where else key

    def wrong(self, key: str, expected: str) -> NoReturn:
        """Refuses what stands under that key."""
        found = f", not {self._raw[key]!r}" if key in self._raw else ", but it is missing"
        raise BadConfig(self.file, self.path(key), expected + found)

    def raw(self, key: str) -> object:
        """What stands under that key as it is, None where it is absent."""
        return self._raw.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """Words: never empty, never only blanks."""
        value = self._raw.get(key, default)
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, "a text in quotes")
        return value.strip()

    def optional_text(self, key: str) -> str | None:
        """Words, or None where the key is absent."""
        return self.text(key) if key in self._raw else None

    def flag(self, key: str) -> bool:
        """true or false; false where the key is absent."""
        value = self._raw.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "true or false")
        return value

    def number(self, key: str, allowed: range, default: int | None = None) -> int:
        """A whole number within a range."""
        value = self._raw.get(key, default)
        # true is a number to Python, and "days = true" is no period.
        if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
            self.wrong(key, f"a whole number from {allowed[0]} to {allowed[-1]}")
        return value

    def day(self, key: str) -> date:
        """A date without quotes and without a time."""
        value = self._raw.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.wrong(key, "a date without quotes such as 2026-03-19")
        return value

    def items(self, key: str, default: Sequence[object] | None = None) -> Sequence[object]:
        """A list; what is in it is for the caller to judge."""
        value = self._raw.get(key, default)
        if not isinstance(value, list | tuple):
            self.wrong(key, "a list")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of words; empty where the key is absent."""
        found = self.items(key, ())
        if not all(isinstance(one, str) and one.strip() for one in found):
            self.wrong(key, 'a list of words such as ["pupr", "dishub"]')
        return tuple(str(one).strip() for one in found)

    def rows(self, key: str, known: Sequence[str]) -> list["Row"]:
        """The tables under that key, counted from 1 as a person counts them."""
        numbered = enumerate(self.items(key, ()), start=1)
        return [Row(raw, self.file, self.path(f"{key} #{number}"), known) for number, raw in numbered]
