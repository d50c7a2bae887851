"""`make figures`: how well messages are understood, by cues alone, by words and letters alone, and by both.

Every row of the first tables judges messages that were not learnt: a fifth kept apart, a manner left out, a region left out.
All of them are our own writing; a real desk's figures will differ, and `omnichannel learn --evaluate FILE` gives them.
`make figures ARGS="hands corrections"` prints some of the tables: speed, apart, hands, corrections, danger.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from omnichannel.judging import carried_alerts, carried_corpus, carried_danger, carried_model
from omnichannel.router.classify import CueClassifier
from omnichannel.router.danger_learning import FOLDS, apart, marks, meet, shares, threshold
from omnichannel.router.danger_learning import fit as fit_danger
from omnichannel.router.danger_lessons import GENERAL, HANDS, LETTER, LONG, WRAPPED, Alert, letters, wrapped
from omnichannel.router.learning import HELD_OUT, Learner, Seen, fit
from omnichannel.router.lessons import Lesson, Origin, corpus, parted, read
from omnichannel.router.measures import Figures, Judged, figures, judge
from omnichannel.router.model import ALL_TOPICS, KINDS, LearntClassifier
from tests.router.reading import DATA, classifier, messages, understanding
from tests.taught import HANDS as OFFICES
from tests.taught import curve, offices, poisoned

COLUMNS = ("n", "macro_f1", "right", "loss", "ece", "coverage95", "topic_first", "topic_three", "second_f1")
UNTOUCHED = {
    "messages_test": "Messages by which neither was tuned",
    "messages_natural": "As they come, every channel mixed, written before anything was learnt and never looked at",
    "messages_new_hand": "As they come in six sources, by a hand of which others are taught, hard on purpose, never looked at",
    "messages_other_hand": "As they come in four kinds of sources, by another hand, a fifth of them unclear, never looked at",
}


def main(wanted: Sequence[str]) -> None:
    """Prints the tables that are named, all of them where none is; all take some ten minutes of a processor."""
    carried = carried_model()
    assert carried is not None, "make model"
    both = LearntClassifier(classifier(), carried)
    everything = corpus(carried_corpus())
    print(
        f"{len(everything)} messages; the carried model knows {len(carried)} pieces of text: {dict(carried.head.about)}"
    )
    seen = Learner(classifier()).see(everything)
    parts: dict[str, Callable[[], None]] = {
        "speed": lambda: speed(both),
        "apart": lambda: apart_from_it(both, everything),
        "hands": lambda: left_out(seen, carried.head.kind_heat),
        "corrections": lambda: corrections(seen),
        "danger": danger,
    }
    for name in wanted or parts:
        parts[name]()


def apart_from_it(both: LearntClassifier, everything: Sequence[Lesson]) -> None:
    """What no model has read: the corpus's own fifth, and the messages that only measure."""
    teaching, measuring = parted(everything)
    heading("A fifth kept apart")
    row("cues alone", figures(judge(classifier(), measuring)))
    row("words and letters alone", alone(Learner(classifier()).see(teaching), measuring))
    row("both (as carried)", figures(judge(both, measuring)))
    for name, what in UNTOUCHED.items():
        heading(f"{what} (tests/router/data/{name}.jsonl)")
        test = read((DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
        row("cues alone", figures(judge(classifier(), test)))
        row("both (as carried)", figures(judge(both, test)))


def left_out(seen: Sequence[Seen], heat: float) -> None:
    """What a new hand, manner or region would be judged like."""
    leave_out("hand", [[hand] for hand in OFFICES], seen, heat)
    leave_out("manner", HELD_OUT, seen, heat)
    leave_out("region", [sorted({one.lesson.region for one in seen} - {"", "umum"})], seen, heat)


def corrections(seen: Sequence[Seen]) -> None:
    """What an office's own people bring, and how poison is told from it."""
    taught = offices(seen)
    curve(taught)
    for one in taught[-2:]:
        poisoned(one)


def speed(both: LearntClassifier) -> None:
    """What a message costs; the first reading of a word costs more than the second, so both are told."""
    started = time.perf_counter()
    carried_model()
    loaded = time.perf_counter() - started
    texts = [row["text"] for row in messages("messages_dev")]
    for name, judge_one in (("cues alone", classifier().classify), ("both (as carried)", both.classify)):
        for round_ in ("first", "warm"):
            started = time.process_time()
            for text in texts:
                judge_one(text)
            each = (time.process_time() - started) / len(texts) * 1000
            print(f"  {name:20} {round_:6} {each:.2f} ms of processor time a message", flush=True)
    print(f"  the model is loaded in {loaded:.2f} s")


def danger() -> None:
    """Hands left out one after another, which is what a new citizen is; a hand's messages drawn by lot before the rest of it
    was taught; and how recall grows with the hands that teach."""
    everything = carried_alerts()
    met = meet(classifier(), [*everything, *letters(everything, FOLDS), *wrapped(everything)])
    long = {one.alert.id for one in met if len(one.bags) > 1}
    scores = apart(met)
    print(f"\nDanger to life, each hand by what the others taught\n{'':34}{'n':>8}{'rang':>12}{'or seen':>12}")
    for one in shares(scores, long, marks(scores, long)):
        print(f"  {one.name:32}{one.n:>8}{one.rang:>12.3f}{one.seen:>12.3f}", flush=True)
    print("\nShort calls that ring, by the share of short ordinary messages that may, and of look-alikes that then do")
    short = [(alert, score) for alert, score in scores if alert.id not in long]
    for share in (0.005, 0.01, 0.02, 0.03, 0.05):
        mark = threshold([one for one in short if one[0].ordinary], share)
        calls = [score >= mark for alert, score in short if alert.urgent]
        like = [score >= mark for alert, score in short if not alert.urgent and not alert.ordinary]
        print(f"  {share:<32}{sum(calls) / len(calls):>20.3f}{sum(like) / len(like):>12.3f}", flush=True)
    print("\nThe last hand's calls at one false alarm in a hundred of ordinary messages, by the hands that taught")
    newest = len(HANDS) - 1
    last = [one for one in met if one.alert.group == newest and one.alert.why not in (LETTER, WRAPPED)]
    for many in range(1, newest + 1):
        taught = [
            one for one in met if one.alert.group < many or (one.alert.why == GENERAL and one.alert.group < newest)
        ]
        found = fit_danger(taught)
        told = [(one.alert, found.best(one)) for one in last if len(one.bags) == 1]
        mark = threshold([one for one in told if one[0].ordinary])
        calls = [score >= mark for alert, score in told if alert.urgent]
        print(f"  {', '.join(hands[0] for hands in HANDS[:many]):40}{sum(calls) / len(calls):>12.3f}", flush=True)
    blind()
    fifth()


def blind() -> None:
    """By the head as it is carried, which has read other messages of the same hand."""
    judge = CueClassifier(understanding(), carried_danger())
    rows = [json.loads(line) for line in (DATA / "danger_blind.jsonl").read_text(encoding="utf-8").splitlines()]
    sorts = {"danger": [one for one in rows if one["urgent"]]}
    sorts["lookalike"] = [one for one in rows if not one["urgent"] and not one["why"].startswith(LONG)]
    sorts["ordinary, long"] = [one for one in rows if one["why"].startswith(LONG)]
    print("\nThe last hand's, drawn by lot and never taught: rules and head as carried")
    for name, lot in sorts.items():
        said = [judge.classify(one["text"]) for one in lot]
        rang, seen = (sum(one.urgent for one in said), sum(one.urgent or bool(one.perhaps_urgent) for one in said))
        print(f"  {name:32}{len(lot):>8}{rang / len(lot):>12.3f}{seen / len(lot):>12.3f}", flush=True)


def fifth() -> None:
    """Of the fifth kept apart, by rules alone and as carried, sort by sort. The carried head has read it: kinder than the
    truth, and good for seeing which sort is weak."""
    kept = [one for one in carried_alerts() if one.apart]
    judges = {"rules alone": classifier(), "rules and learnt head": CueClassifier(understanding(), carried_danger())}
    print(f"\nDanger to life, a fifth kept apart\n{'':34}" + "".join(f"{name:>24}" for name in judges))
    rung = {name: {one.id for one in kept if judge.classify(one.text).urgent} for name, judge in judges.items()}
    groups: dict[str, list[Alert]] = {"all danger": [one for one in kept if one.urgent]}
    groups["all harmless"] = [one for one in kept if not one.urgent]
    for one in kept:
        groups.setdefault(f"{'danger' if one.urgent else 'harmless'}: {one.why}", []).append(one)
    for name, group in groups.items():
        found = (f"{sum(one.id in ids for one in group)} of {len(group)}" for ids in rung.values())
        print(f"  {name[:32]:32}" + "".join(f"{text:>24}" for text in found), flush=True)


def heading(text: str) -> None:
    print(f"\n{text}\n{'':34}" + "".join(f"{name:>12}" for name in COLUMNS))


def row(name: str, found: Figures) -> None:
    print(
        f"  {name:32}" + "".join(f"{value:>12}" for value in (found.as_json()[column] for column in COLUMNS)),
        flush=True,
    )


def judged(out: Sequence[Seen], rest: Sequence[Seen], heat: float = 1.0) -> list[Judged]:
    """What both heads, learnt from the rest, say of those left out; `heat` as the carried model was calibrated."""
    fitted = fit(rest)
    kinds, topics = fitted.kind.p(fitted.columns.kind(out), heat), fitted.topic.p(fitted.columns.topic(out))
    found = []
    for one, kind_row, topic_row in zip(out, kinds, topics, strict=True):
        p = dict(zip(KINDS, map(float, kind_row), strict=True))
        order = [ALL_TOPICS[at] for at in np.argsort(-topic_row)[:3]]
        said = max(p, key=lambda kind: p[kind])
        found.append(Judged(one.lesson.kind, said, p, one.lesson.topic, tuple(order)))
    return found


def without_cues(seen: Sequence[Seen]) -> list[Seen]:
    nothing = {"signs": {}, "kind_logs": (0.0,) * len(KINDS), "topic_logs": (0.0,) * len(ALL_TOPICS)}
    return [replace(one, **nothing) for one in seen]  # type: ignore[arg-type]


def alone(teaching: Sequence[Seen], measuring: Sequence[Lesson]) -> Figures:
    out = Learner(classifier()).see(measuring)
    return figures(judged(without_cues(out), without_cues(teaching)))


def leave_out(name: str, groups: Sequence[Sequence[str]], seen: Sequence[Seen], heat: float) -> None:
    """Each of them judged by what was learnt without it and without its neighbours, which would have told too much."""
    written = [one for one in seen if one.lesson.origin is Origin.CORPUS]
    lots: dict[str, list[Judged]] = {"cues alone": [], "both": []}
    heading(
        f"One {name} left out" if all(len(group) == 1 for group in groups) else f"One {name} and those like it left out"
    )
    for group in groups:
        out = [one for one in written if getattr(one.lesson, name) in group]
        both = judged(out, [one for one in seen if getattr(one.lesson, name) not in group], heat)
        cues = judge(classifier(), [one.lesson for one in out])
        for value in group:
            mine = [at for at, one in enumerate(out) if getattr(one.lesson, name) == value]
            row(f"{value}: both", figures([both[at] for at in mine]))
        lots["cues alone"] += cues
        lots["both"] += both
    for who, lot in lots.items():
        row(f"all: {who}", figures(lot))


if __name__ == "__main__":
    main(sys.argv[1:])
