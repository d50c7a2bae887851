"""How commands speak: data on stdout, words for people on stderr, in Indonesian or English."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

FAILED, WRONG = 1, 2


class Lang(StrEnum):
    """The languages we speak."""

    ID = "id"
    EN = "en"


def language(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """`--lang` wherever it stands, else the locale; Indonesian unless somebody asks for English.

    Read before anything is parsed: help and complaints about usage are texts too.
    """
    for number, one in enumerate(arguments):
        if one == "--":
            break
        if one == "--lang" and number + 1 < len(arguments):
            return Lang.EN if arguments[number + 1].lower() == "en" else Lang.ID
        if one.startswith("--lang="):
            return Lang.EN if one.removeprefix("--lang=").lower() == "en" else Lang.ID
    # The order in which POSIX looks at them (XBD 8.2).
    locale = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return Lang.EN if locale.lower().startswith("en") else Lang.ID


LANG = language(sys.argv[1:], os.environ)


def two(indonesian: str, english: str) -> str:
    """The same sentence in the language of whoever started us."""
    return english if LANG is Lang.EN else indonesian


def tell(indonesian: str, english: str) -> None:
    """One line for people, on stderr."""
    print(two(indonesian, english), file=sys.stderr, flush=True)


def data(thing: Any) -> None:
    """One JSON line for programs, on stdout, at once."""
    try:
        line = json.dumps(thing, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8; escaped it comes out as it went in.
        line = json.dumps(thing).encode()
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def fail(indonesian: str, english: str, code: int = FAILED) -> typer.Exit:
    """Says why and gives the exit to raise."""
    tell(indonesian, english)
    return typer.Exit(code)


ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help=two(
            "Berkas pengaturan; tanpa ini config/omnichannel.toml, lalu bawaan paket.",
            "Configuration; else config/omnichannel.toml, else the defaults of the package.",
        ),
        show_default=False,
    ),
]
Language = Annotated[
    Lang | None,
    typer.Option(
        "--lang",
        help=two("Bahasa pesan; tanpa ini menurut LANG.", "Language of messages; else by LANG."),
        show_default=False,
    ),
]
