"""The screens in English. Indonesian is the source: the sentence itself is the key of `words/*.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("id", "en")


def translated(text: str, lang: str, fields: Mapping[str, object]) -> str:
    """`text` in that language with its fields filled in; a sentence without English stays Indonesian.

    English has a plural: "{n} message|{n} messages" chooses by the field `n`.
    """
    found = table().get(text, text) if lang == "en" else text
    if "n" in fields and lang == "en" and "|" in found:
        one, _, many = found.partition("|")
        found = one if fields["n"] == 1 else many
    return found.format(**fields) if fields else found


@cache
def table() -> dict[str, str]:
    """Indonesian → English, from every file of the folder. Two files that disagree on a sentence are a mistake."""
    words: dict[str, str] = {}
    for source in sorted(resources.files("omnichannel.web").joinpath("words").iterdir(), key=lambda file: file.name):
        if not source.name.endswith(".toml"):
            continue
        for indonesian, english in tomllib.loads(source.read_text(encoding="utf-8")).items():
            if words.setdefault(indonesian, english) != english:
                raise ValueError(f"words/{source.name}: {indonesian!r} has another English in an earlier file")
    return words
