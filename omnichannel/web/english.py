"""The screens in English. Indonesian is the source: the sentence itself is the key of `words/*.toml`."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

LANGUAGES = ("id", "en")
FIELD = re.compile(r"\\\{(\w+)\\\}")


def translated(text: str, lang: str, fields: Mapping[str, object]) -> str:
    """`text` in that language with its fields filled in; a sentence without English stays Indonesian.

    English has a plural: "{n} message|{n} messages" chooses by the field `n`, and a word alone, "Officer|Officers", is
    one of them unless `n` says otherwise. A sentence that comes filled in already, as a story's error does, is
    recognised by its pattern.
    """
    if lang != "en":
        return text.format(**fields) if fields else text
    found = table().get(text)
    if found is None:
        return text.format(**fields) if fields else _recognised(text)
    return _chosen(found, fields.get("n")).format(**fields) if fields else _chosen(found, 1)


@cache
def table() -> dict[str, str]:
    """Indonesian → English, from every file of the folder; of two that say the same sentence, the first."""
    words: dict[str, str] = {}
    for source in sources():
        for indonesian, english in tomllib.loads(source.read_text(encoding="utf-8")).items():
            words.setdefault(indonesian, english)
    return words


def sources() -> list[Traversable]:
    """The files of sentences, by name."""
    folder = resources.files("omnichannel.web").joinpath("words")
    return sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)


def _chosen(english: str, n: object) -> str:
    one, many, rest = english.partition("|")
    return english if not many else one if n in (1, "1") else rest


def _recognised(text: str) -> str:
    """The English of a sentence whose fields were filled in elsewhere."""
    for pattern, english in _patterns():
        match = pattern.fullmatch(text)
        if match is not None:
            values = match.groupdict()
            return _chosen(english, values.get("n")).format(**values)
    return text


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Sentences with fields, the one with most of its own words first, so that "{x}." never swallows them all."""
    return sorted(_with_fields(), key=lambda pair: -len(FIELD.sub("", pair[0].pattern)))


def _with_fields() -> Iterator[tuple[re.Pattern[str], str]]:
    for indonesian, english in table().items():
        escaped = re.escape(indonesian)
        if FIELD.search(escaped):
            yield re.compile(FIELD.sub(r"(?P<\1>.+?)", escaped), re.DOTALL), english
