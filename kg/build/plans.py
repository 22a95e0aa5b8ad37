"""What came of taking the conditions of the record apart, as a file beside them: rdflib would take a second for it after each change.

``docs/generate_plans.py`` writes the file. A condition whose text is not the one there is taken apart anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import names, places
from kg.build.check import QUESTION
from kg.build.focus import Hop, Plan, Trigger
from kg.build.gather import Step


def plan_of(name: str, text: str) -> Plan:
    """The plan of a condition, from the file or else from its text."""
    known = _known().get(name, {})
    if known.get("text") == _digest(text):
        return _read(known)
    from kg.build.dissect import dissect

    return dissect(text)


def written(files: Iterable[Path]) -> str:
    """The plans of some conditions as the text of the file; questions have none."""
    from kg.build.dissect import dissect

    texts = {file.stem: file.read_text(encoding="utf-8") for file in files}
    plans = {
        name: {"text": _digest(text), **_write(dissect(text))} for name, text in texts.items() if QUESTION not in text
    }
    lines = [f"{json.dumps(name)}: {json.dumps(plan, ensure_ascii=False)}" for name, plan in sorted(plans.items())]
    return "{\n" + ",\n".join(lines) + "\n}\n"


@cache
def _known() -> Mapping[str, Any]:
    try:
        found = json.loads(places.plans_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(plan: Plan) -> dict[str, Any]:
    steps = [
        [_out(step.predicates), _end(step.subject), _end(step.object), step.part, step.alone, step.is_optional, step.variable]
        for step in plan.steps
    ]  # fmt: skip
    triggers = [
        [plan.steps.index(one.step), one.variable, one.at_object, [[_out(hop.predicates), hop.is_forward] for hop in one.hops]]
        for one in plan.triggers
    ]  # fmt: skip
    return {"steps": steps, "triggers": triggers}


def _read(told: Mapping[str, Any]) -> Plan:
    steps = [
        Step(_in(predicates), _begin(subject), _begin(value), tuple(part), *more)
        for predicates, subject, value, part, *more in told["steps"]
    ]
    triggers = [
        Trigger(steps[place], variable, at_object, tuple(Hop(_in(one), forward) for one, forward in hops))
        for place, variable, at_object, hops in told["triggers"]
    ]
    return Plan(tuple(steps), tuple(triggers))


def _out(predicates: Iterable[ox.NamedNode | None]) -> list[str | None]:
    return [None if one is None else names.shorten(one.value) for one in predicates]


def _in(predicates: Iterable[str | None]) -> tuple[ox.NamedNode | None, ...]:
    return tuple(None if one is None else ox.NamedNode(names.expand(one)) for one in predicates)


def _end(end: str | ox.NamedNode | None) -> str | None:
    return f"?{end}" if isinstance(end, str) else end and names.shorten(end.value)


def _begin(told: str | None) -> Any:
    if told is None:
        return None
    return told[1:] if told.startswith("?") else ox.NamedNode(names.expand(told))
