"""`omnichannel learn`: fits the classifier anew from the corpus and what staff have put right; a worse model is not taken."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from omnichannel.commands.running import configured, run
from omnichannel.commands.speech import FAILED, WRONG, ConfigFile, Language, data, fail, tell, two

if TYPE_CHECKING:
    from omnichannel.domain.ports import Classifier
    from omnichannel.domain.study import Study
    from omnichannel.domain.work import Work
    from omnichannel.router.classify import CueClassifier
    from omnichannel.router.learning import Learner
    from omnichannel.router.lessons import Lesson
    from omnichannel.router.measures import Judged, Worse
    from omnichannel.settings.load import Config

COMMAND = "perintah omnichannel learn"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
    by: Annotated[str, typer.Option(hidden=True)] = COMMAND,
    folder: Annotated[Path | None, typer.Option("--data", hidden=True, file_okay=False)] = None,
    build_danger: Annotated[
        Path | None,
        typer.Option(
            "--build-danger",
            metavar="FILE",
            help=two(
                "Tulis pengenal bahaya jiwa dari korpus ke berkas ini.",
                "Write the model of danger to life to this file, from the corpus.",
            ),
        ),
    ] = None,
    config: ConfigFile = None,
    lang: Language = None,
) -> None:
    """A JSON line of figures on stdout; exit 1 when the new model was worse and the old one stays."""
    if sum(one is not None for one in (evaluate, build, build_danger)) > 1:
        raise fail(
            "Pilih satu: --evaluate, --build atau --build-danger.",
            "Choose one of --evaluate, --build and --build-danger.",
            WRONG,
        )
    if evaluate is not None:
        _evaluate(evaluate, config)
    elif build is not None:
        _build(build, config)
    elif build_danger is not None:
        _build_danger(build_danger, config)
    elif not run(_learn(configured(config, folder), by)):
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
    _write(file, made)
    data({"classifier": "cues", **_figures(cues, measuring)})
    data({"classifier": "model", "bytes": len(made), **_figures(_with(cues, made), measuring)})


def _build_danger(file: Path, config: Path | None) -> None:
    from omnichannel.judging import carried_alerts
    from omnichannel.router.classify import CueClassifier
    from omnichannel.settings.load import load_understanding
    from omnichannel.settings.source import Source

    try:
        from omnichannel.router import danger_learning
    except ImportError as error:
        raise _without_libraries() from error
    understanding = load_understanding(Source.find(config, os.environ))
    everything = carried_alerts()
    cues = CueClassifier(understanding)
    learnt = danger_learning.learn(cues, everything)
    _write(file, learnt.packed)
    for one in learnt.shares:
        data({"measured": one.name, "n": one.n, "rang": round(one.rang, 4), "rang_or_looked_at": round(one.seen, 4)})


def _write(file: Path, made: bytes) -> None:
    try:
        file.write_bytes(made)
    except OSError as error:
        raise fail(
            f"{file} tidak dapat ditulis: {error.strerror}.", f"{file} cannot be written: {error.strerror}."
        ) from error


async def _learn(config: "Config", by: str) -> bool:
    """Whether the model in use is now as good as the corrections can make it."""
    from omnichannel.app import open_records
    from omnichannel.judging import carried_corpus, shelf_in
    from omnichannel.router.classify import CueClassifier
    from omnichannel.router.corrections import Corrections
    from omnichannel.router.lessons import corpus, parted

    corrections = Corrections()
    with shelf_in(config.server.data).alone():
        async with open_records(config) as records:
            now = records.clock.now()
            while await records.store.read(corrections.more):
                pass
        # From here on nothing of the database is held: fitting takes a while.
        teaching, measuring = parted([*corpus(carried_corpus()), *corrections.lessons])
        many = len(corrections.lessons)
        tell(
            f"{many} koreksi petugas, {len(teaching)} pesan dipelajari, {len(measuring)} untuk menguji.",
            f"{many} staff corrections, {len(teaching)} messages to learn from, {len(measuring)} to test.",
        )
        study = _studied(config, CueClassifier(config.understanding), teaching, measuring)
        if study is None:
            return True
        study = replace(study, at=now, by=by, corrections=many)
        async with open_records(config, migrate=False) as records:
            await records.store.write(partial(_note, study=study))
    return study.taken


def _studied(
    config: "Config", cues: "CueClassifier", teaching: Sequence["Lesson"], measuring: Sequence["Lesson"]
) -> "Study | None":
    """Fit, compare, and keep what is no worse; None where there is nothing new."""
    from omnichannel.domain.study import Study
    from omnichannel.judging import classifier_for, model_in_use, shelf_in
    from omnichannel.router.changes import learnt
    from omnichannel.router.model import Model

    made, against = _fitted(cues, teaching), _against(cues, teaching, measuring)
    model, used, shelf = Model.read(made), model_in_use(config.server.data), shelf_in(config.server.data)
    if used is not None and used.head == model.head:
        tell("Tidak ada pelajaran baru; model tetap.", "Nothing new to learn from; the model stays.")
        return None
    if (known := next((name for name in shelf.names() if shelf.read(name) == made), None)) is not None:
        tell(
            f"Tidak ada pelajaran baru sejak {known}, yang sudah ditinggalkan petugas; model tetap.",
            f"Nothing new since {known}, which staff have left; the model stays.",
        )
        return None
    why, figures = _compared(classifier_for(config.understanding, config.server.data), _with(cues, made), measuring)
    why = against or why
    study = Study(at=EPOCH, by="", corrections=0, size=len(made), figures=figures, learnt=learnt(used, model))
    if why is not None:
        tell(f"Model lama tetap dipakai: {why.indonesian}.", f"The old model stays: {why.english}.")
        return replace(study, why=why.indonesian)
    name = shelf.keep(made)
    shelf.use(name)
    tell(
        f"Model {name} dipakai; layanan yang berjalan mengambilnya sendiri.",
        f"Model {name} is in use; a running service takes it up by itself.",
    )
    return replace(study, name=name, taken=True)


def _note(work: "Work", study: "Study") -> None:
    from omnichannel.domain.work import Actor

    number = work.studies.add(study)
    who, verb = Actor("machine:learn", study.by), "learnt" if study.taken else "not_learnt"
    work.note(who, verb, "model", number, at=study.at, after=study.name, why=study.why)
    work.ring("models")


def _compared(
    old: "Classifier", new: "Classifier", measuring: Sequence["Lesson"]
) -> "tuple[Worse | None, dict[str, Any]]":
    """Why the new one is worse, on everybody's messages or on this office's own (None where it is not), and the figures."""
    from omnichannel.router.lessons import Origin
    from omnichannel.router.measures import figures, judge, worse

    general = [one for one in measuring if one.origin is Origin.CORPUS]
    local = [one for one in measuring if one.origin is Origin.CORRECTION]
    verdict: Worse | None = None
    found: dict[str, Any] = {}
    for name, lessons in (("corpus", general), ("corrections", local)):
        before: list[Judged] = judge(old, lessons)
        after: list[Judged] = judge(new, lessons)
        found[name] = {"old": figures(before).as_json(), "new": figures(after).as_json()}
        data({"measured_on": name, **found[name]})
        if lessons and (name == "corpus" or len(lessons) >= FEWEST_TOLD):
            verdict = verdict or worse(before, after, slack=name == "corpus")
    return verdict, found


def _against(cues: "CueClassifier", teaching: Sequence["Lesson"], measuring: Sequence["Lesson"]) -> "Worse | None":
    """Why the corrections are not to be believed at all."""
    from omnichannel.router.lessons import Origin
    from omnichannel.router.measures import against

    if not any(one.origin is Origin.CORRECTION for one in teaching):
        return None
    from omnichannel.router.learning import contradicted

    learner = _learner(cues)
    frozen = [one for one in measuring if one.origin is Origin.CORPUS]
    return against(*contradicted(learner.see(teaching), learner.see(frozen)))


def _fitted(cues: "CueClassifier", teaching: Sequence["Lesson"]) -> bytes:
    learner = _learner(cues)
    return learner.learn(learner.see(teaching))


@cache
def _learner(cues: "CueClassifier") -> "Learner":
    """One for all fits of a run: reading three thousand messages takes longer than learning from them."""
    try:
        from omnichannel.router.learning import Learner
    except ImportError as error:
        raise _without_libraries() from error
    return Learner(cues)


def _without_libraries() -> Exception:
    return fail(
        "Belajar memerlukan scikit-learn: pip install 'omnichannel[learn]'.",
        "Learning needs scikit-learn: pip install 'omnichannel[learn]'.",
    )


def _with(cues: "CueClassifier", made: bytes) -> "Classifier":
    from omnichannel.router.model import LearntClassifier, Model

    return LearntClassifier(cues, Model.read(made))


def _figures(classifier: "Classifier", lessons: Sequence["Lesson"]) -> dict[str, Any]:
    from omnichannel.router.measures import figures, judge

    return figures(judge(classifier, lessons)).as_json()
