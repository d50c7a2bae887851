"""`omnichannel classify`: JSON lines in, one verdict a line out, as they come."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from omnichannel.commands.speech import FAILED, WRONG, ConfigFile, Language, data, fail, two

if TYPE_CHECKING:
    from omnichannel.domain.ports import Classifier

BOM = b"\xef\xbb\xbf"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "classify",
        help=two(
            """Jenis, topik, unit, tempat, dan kedaruratan setiap pesan.

            Masuk: baris JSON {"id", "text", "channel"?}. Keluar: satu putusan per baris.

            \b
            Contoh:
              echo '{"id": 1, "text": "lampu jalan di Teluk Lingga mati"}' | omnichannel classify""",
            """Kind, topic, unit, place and urgency of each message.

            In: JSON lines {"id", "text", "channel"?}. Out: one verdict a line.

            \b
            Example:
              echo '{"id": 1, "text": "lampu jalan di Teluk Lingga mati"}' | omnichannel classify""",
        ),
    )(classify)


def classify(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="[FILE]",
            help=two("Berkas baris JSON; - atau tanpa ini: stdin.", "A file of JSON lines; - or none: stdin."),
            show_default=False,
        ),
    ] = Path("-"),
    config: ConfigFile = None,
    lang: Language = None,
) -> None:
    """A verdict a line on stdout; exit 1 at the end when a line could not be read."""
    import os

    from omnichannel.judging import classifier_for, data_folder
    from omnichannel.settings.load import load_understanding
    from omnichannel.settings.source import Source

    source = Source.find(config, os.environ)
    classifier = classifier_for(load_understanding(source), data_folder(source))
    if str(file) == "-":
        bad = _all(classifier, sys.stdin.buffer)
    else:
        with _opened(file) as lines:
            bad = _all(classifier, lines)
    if bad:
        raise typer.Exit(FAILED)


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        why = getattr(error, "strerror", None) or str(error)
        raise fail(f"{file} tidak dapat dibaca: {why}.", f"{file} cannot be read: {why}.", WRONG) from error


def _all(classifier: "Classifier", lines: Iterable[bytes]) -> int:
    bad = 0
    for answer in verdicts(classifier, lines):
        bad += "error" in answer
        data(answer)
    return bad


def verdicts(classifier: "Classifier", lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """One answer a line, so that in and out can be laid side by side. Blank lines at the very end are no lines."""
    blank = 0
    for line in lines:
        words = line.removeprefix(BOM).strip()
        if not words:
            blank += 1
            continue
        for _ in range(blank):
            yield _wrong("baris kosong")
        blank = 0
        yield _verdict(classifier, words)


def _verdict(classifier: "Classifier", line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return _wrong("bukan UTF-8")
    except (ValueError, RecursionError) as error:
        return _wrong(f"bukan JSON: {error}")
    if not isinstance(asked, dict):
        return _wrong('bukan objek {"id", "text"}')
    if "id" not in asked or asked["id"] is None or isinstance(asked["id"], bool | float | list | dict):
        return _wrong('"id": teks atau bilangan bulat')
    if not isinstance(asked.get("text"), str):
        return _wrong('"text": teks')
    if not isinstance(asked.get("channel"), str | None):
        return _wrong('"channel": teks')
    # Half of a split emoji can be written in JSON, but no text may hold it.
    text = asked["text"].encode("utf-8", "replace").decode("utf-8")
    return classifier.classify(text, channel=asked.get("channel")).as_json(asked["id"])


def _wrong(why: str) -> dict[str, Any]:
    return {"id": None, "error": why}
