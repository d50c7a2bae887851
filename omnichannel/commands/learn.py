"""`omnichannel learn`: fits the classifier anew from the corpus and what staff have put right; a worse model is not taken."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from omnichannel.commands.running import configured, run
from omnichannel.commands.speech import FAILED, WRONG, ConfigFile, Language, data, fail, tell, two

if TYPE_CHECKING:
    from omnichannel.domain.ports import Classifier
    from omnichannel.router.classify import CueClassifier
    from omnichannel.router.lessons import Lesson
    from omnichannel.router.measures import Judged
    from omnichannel.settings.load import Config

FEWEST_TOLD = 20  # corrections kept apart below which their figures are chance


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "learn",
        help=two(
            """Menyusun ulang pengenal pesan dari koreksi petugas; yang lama tetap dipakai bila yang baru lebih buruk.

            \b
            Contoh:
              omnichannel learn
              omnichannel learn --evaluate pesan-berlabel.jsonl""",
            """Refits the classifier from staff corrections; keeps the old model unless the new one is no worse.

            \b
            Example:
              omnichannel learn
              omnichannel learn --evaluate labelled.jsonl""",
        ),
    )(learn)


def learn(
    evaluate: Annotated[
        Path | None,
        typer.Option(
            "--evaluate",
            metavar="FILE",
            help=two(
                'Ukur saja, dengan baris JSON {"text", "kind", "topic"?, "second"?}; tidak ada yang diubah.',
                'Only measure, with JSON lines {"text", "kind", "topic"?, "second"?}; nothing is changed.',
            ),
        ),
    ] = None,
    build: Annotated[
        Path | None,
        typer.Option(
            "--build",
            metavar="FILE",
            help=two(
                "Tulis model dari korpus saja ke berkas ini.", "Write the model of the corpus alone to this file."
            ),
        ),
    ] = None,
    config: ConfigFile = None,
    lang: Language = None,
) -> None:
    """A JSON line of figures on stdout; exit 1 when the new model was worse and the old one stays."""
    if evaluate is not None and build is not None:
        raise fail("Pilih --evaluate atau --build.", "Choose --evaluate or --build.", WRONG)
    if evaluate is not None:
        _evaluate(evaluate, config)
    elif build is not None:
        _build(build, config)
    elif not run(_learn(configured(config))):
        raise typer.Exit(FAILED)


def _evaluate(file: Path, config: Path | None) -> None:
    """The model in use and the cues alone on somebody's own labelled messages."""
    from omnichannel.judging import classifier_for, data_folder
    from omnichannel.router.classify import CueClassifier
    from omnichannel.router.lessons import read
    from omnichannel.settings.load import load_understanding
    from omnichannel.settings.source import Source

    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise fail(f"{file} tidak dapat dibaca: {why}.", f"{file} cannot be read: {why}.", WRONG) from error
    lessons = read(lines)
    if not lessons:
        raise fail(f"{file} kosong.", f"{file} is empty.", WRONG)
    source = Source.find(config, os.environ)
    understanding = load_understanding(source)
    data({"classifier": "cues", **_figures(CueClassifier(understanding), lessons)})
    data({"classifier": "in use", **_figures(classifier_for(understanding, data_folder(source)), lessons)})


def _build(file: Path, config: Path | None) -> None:
    from omnichannel.judging import carried_corpus
    from omnichannel.router.classify import CueClassifier
    from omnichannel.router.lessons import corpus, parted
    from omnichannel.settings.load import load_understanding
    from omnichannel.settings.source import Source

    cues = CueClassifier(load_understanding(Source.find(config, os.environ)))
    teaching, measuring = parted(corpus(carried_corpus()))
    made = _fitted(cues, teaching)
    try:
        file.write_bytes(made)
    except OSError as error:
        raise fail(
            f"{file} tidak dapat ditulis: {error.strerror}.", f"{file} cannot be written: {error.strerror}."
        ) from error
    data({"classifier": "cues", **_figures(cues, measuring)})
    data({"classifier": "model", "bytes": len(made), **_figures(_with(cues, made), measuring)})


async def _learn(config: "Config") -> bool:
    """Whether the new model was taken."""
    from omnichannel.app import open_records
    from omnichannel.judging import carried_corpus, classifier_for, model_in_use, shelf_in
    from omnichannel.router.classify import CueClassifier
    from omnichannel.router.corrections import Corrections
    from omnichannel.router.lessons import corpus, parted
    from omnichannel.router.model import Model

    corrections = Corrections()
    async with open_records(config) as records:
        while await records.store.read(corrections.more):
            pass
    # From here on nothing of the database is held: fitting takes a while.
    cues = CueClassifier(config.understanding)
    teaching, measuring = parted([*corpus(carried_corpus()), *corrections.lessons])
    tell(
        f"{len(corrections.lessons)} koreksi petugas, {len(teaching)} pesan dipelajari, {len(measuring)} untuk menguji.",
        f"{len(corrections.lessons)} staff corrections, {len(teaching)} messages to learn from, {len(measuring)} to test.",
    )
    made = _fitted(cues, teaching)
    used = model_in_use(config.server.data)
    if used is not None and used.head == Model.read(made).head:
        tell("Tidak ada pelajaran baru; model tetap.", "Nothing new to learn from; the model stays.")
        return True
    old, new = classifier_for(config.understanding, config.server.data), _with(cues, made)
    why = _compared(old, new, measuring)
    if why is not None:
        tell(f"Model lama tetap dipakai: {why}.", f"The old model stays: {why}.")
        return False
    shelf = shelf_in(config.server.data)
    name = shelf.keep(made)
    shelf.use(name)
    tell(
        f"Model {name} dipakai sejak layanan dijalankan lagi.",
        f"Model {name} is in use from the next start of the service on.",
    )
    return True


def _compared(old: "Classifier", new: "Classifier", measuring: Sequence["Lesson"]) -> str | None:
    """Why the new one is worse, on everybody's messages or on this office's own; None where it is not."""
    from omnichannel.router.lessons import Origin
    from omnichannel.router.measures import figures, judge, worse

    general = [one for one in measuring if one.origin is Origin.CORPUS]
    local = [one for one in measuring if one.origin is Origin.CORRECTION]
    verdict: str | None = None
    for name, lessons in (("corpus", general), ("corrections", local)):
        before: list[Judged] = judge(old, lessons)
        after: list[Judged] = judge(new, lessons)
        data({"measured_on": name, "old": figures(before).as_json(), "new": figures(after).as_json()})
        if lessons and (name == "corpus" or len(lessons) >= FEWEST_TOLD):
            verdict = verdict or worse(before, after, slack=name == "corpus")
    return verdict


def _fitted(cues: "CueClassifier", teaching: Sequence["Lesson"]) -> bytes:
    try:
        from omnichannel.router.learning import Learner
    except ImportError as error:
        raise fail(
            "Belajar memerlukan scikit-learn: pip install 'omnichannel[learn]'.",
            "Learning needs scikit-learn: pip install 'omnichannel[learn]'.",
        ) from error
    learner = Learner(cues)
    return learner.learn(learner.see(teaching))


def _with(cues: "CueClassifier", made: bytes) -> "Classifier":
    from omnichannel.router.model import LearntClassifier, Model

    return LearntClassifier(cues, Model.read(made))


def _figures(classifier: "Classifier", lessons: Sequence["Lesson"]) -> dict[str, Any]:
    from omnichannel.router.measures import figures, judge

    return figures(judge(classifier, lessons)).as_json()
