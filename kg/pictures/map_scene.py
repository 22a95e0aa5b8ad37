"""What a map shows, whatever file it is written to: the look and words of every jurisdiction, and the words around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kg import names
from kg.answers import resolve
from kg.answers import status as standing
from kg.answers.facts import describe
from kg.answers.model import Standing, Status
from kg.answers.spread import Moment, Place, Spread, spread
from kg.dates import parse_day
from kg.errors import UsageError
from kg.formats import matrix as short
from kg.formats.inside import inside
from kg.pictures import map_shapes as shapes
from kg.pictures.telling import printed_day

if TYPE_CHECKING:
    from kg.graph import Day, KnowledgeGraph

LOOKS = {"blocked": "blocked", "blocked possible": "possibly blocked", "withdrawn": "withdrawn by the company",
         "withdrawn possible": "possibly withdrawn by the company", "limited": "limited", "limited possible": "possibly limited",
         "pressure": "under pressure", "pressure possible": "possibly under pressure"}  # fmt: skip
"""What is coloured and how it is called, the severest first."""
NOTHING, UNSEEN = "nothing", "unseen"
MEANINGS = {NOTHING: "in the record, but nothing is recorded for that day; this does not mean: not restricted",
            UNSEEN: "nothing in the record about this country at all: nobody looked"}  # fmt: skip
MARK = "something stricter in a part of the country, or for a group such as government devices: the list below has it"
BORDERS = ("Borders are those of Natural Earth, except that Crimea (occupied by Russia) is drawn in Ukraine, the Golan Heights in Syria, Western Sahara"
           " on its own, northern Cyprus in Cyprus and Somaliland in Somalia, as the United Nations see them; Kosovo and Taiwan stand apart, dashed lines"
           " are lines of control or occupation, and no line here says whose land it is.")  # fmt: skip
POINTS = "A dot stands for a country too small to be seen."
_MARK_SIZE, _WORD = 9, 17
_MOST_NAMED = 4
"""More platforms than these are counted in a line."""
_SIZES = {"level": 7, "possible": 5.5, NOTHING: 4.5, UNSEEN: 3.5}
"""How large a point is; the style sheet says the same for browsers, where points change."""
_UNLISTED = {"XK": "Kosovo"}
"""What the map draws and the record has no code for."""


def gather(
    graph: KnowledgeGraph,
    name: str | None = None,
    *,
    category: str | None = None,
    on: Day = None,
    known: Day = None,
    history: bool = True,
) -> Spread:
    """The answers for a platform, for all platforms of a class or company, or for those of a category, everywhere.

    With ``history`` those of earlier days too, which a drawing does not need.

    Raises:
        UnknownName: when a name or category means nothing in the record.
        AmbiguousName: when a name means several things.
        UsageError: when a day is none, or a name and a category are both given, or neither.
    """
    day, public = parse_day(on), parse_day(known)
    if (name is None) == (category is None):
        told = "not both" if name else "as in kg map WhatsApp, or kg map --category messenger"
        raise UsageError(f"name one platform or company, or a --category, {told}")
    if category is not None:
        from kg.sparql.parameters import concept

        kind = names.local_name(concept(graph.store, "categories", category, "category").value)
        platforms = [names.thing(one.thing.id) for one in graph.list("platforms", category=kind)]
        return spread(
            graph.store, f"{kind.replace('-', ' ')} platforms", platforms, on=day, known=public, history=history
        )
    assert name is not None
    wanted = (
        resolve.TARGETS if resolve.exact(graph.store, name, resolve.TARGETS) else resolve.TARGETS | resolve.COMPANIES
    )
    thing, kind = resolve.resolve(graph.store, name, wanted)
    label = describe(graph.store, [thing.value], public)[thing.value].label
    if kind in resolve.TARGETS:
        return spread(
            graph.store, label, [thing, *standing.members(graph.store, thing)], on=day, known=public, history=history
        )
    platforms = standing.controlled_platforms(graph.store, thing, day, public)
    return spread(graph.store, f"the platforms of {label}", platforms, on=day, known=public, history=history)


def title(found: Spread) -> str:
    """What is drawn, without the day."""
    return f"Recorded restrictions of {found.title}"


def is_empty(found: Spread) -> bool:
    """Whether nothing at all is recorded for the day asked about, in any place."""
    return not any(place.now.answers for place in found.places)


def drawn(found: Spread) -> list[Place]:
    """The places that the map shows, those of which the record holds something: unions have no shape of their own."""
    return [one for one in found.places if one.covered and one.ref.id in shapes.world()["shapes"]]


def look(place: Place, moment: Moment) -> str:
    """The classes of a jurisdiction: its level and whether that is only possible, or why it has none."""
    head = moment.head
    if head is not None and head.level != "none":
        return f"{head.level} possible" if head.certainty == "possible" else head.level
    return NOTHING if place.covered else UNSEEN


def words(moment: Moment) -> str:
    """The verdict with its certainty."""
    return short.words(moment.head) if moment.head else "nothing recorded"


def told(found: Spread, place: Place, moment: Moment) -> str:
    """A place in a line: its verdict, since when, and by which platforms when several are drawn."""
    if not place.covered:
        return f"{place.ref.label} ({place.ref.id}): nobody looked"
    parts = [f"{place.ref.label} ({place.ref.id}): {words(moment)}"]
    if began := since(moment):
        parts.append(f"since {began}")
    if len(found.platforms) > 1 and moment.same:
        parts.append(platforms(moment))
    if aside := beside(found, moment):
        parts.append(f"besides: {aside}")
    return "; ".join(parts)


def since(moment: Moment) -> str:
    """When the verdict began; where several platforms share the level, with the name of the one of which that is told."""
    if moment.head is None or not moment.head.since:
        return ""
    whose = f" ({moment.head.platform.label})" if len(moment.same) > 1 else ""
    return printed_day(moment.head.since) + whose


def platforms(moment: Moment) -> str:
    """The platforms that share the severest level."""
    return ", ".join(sorted((one.label for one in moment.same), key=str.casefold))


def beside(found: Spread, moment: Moment) -> str:
    """What runs only in a part of the country or for a group, and what is held off: ``blocked for government devices``."""
    groups: dict[str, list[str]] = {}
    for answer in moment.answers:
        for line in dict.fromkeys(_beside(answer)):
            groups.setdefault(line, []).append(answer.platform.label)
    if len(found.platforms) == 1:
        return "; ".join(groups)
    return "; ".join(f"{_few(several)} {line}" for line, several in groups.items())


def _few(labels: list[str]) -> str:
    return ", ".join(labels) if len(labels) <= _MOST_NAMED else f"{len(labels)} platforms"


def _beside(answer: Status) -> Iterable[str]:
    groups: dict[str, list[str]] = {}
    for one in sorted(answer.narrower, key=lambda one: -one.rank):
        whom = "" if one.audience.id == standing.EVERYONE else f" for {one.audience.label}"
        held = ", held off" if one.held_off_by else ""
        areas = groups.setdefault(f"{one.level.label} ({one.certainty}{held}){whom}", [])
        if one.area.id != answer.jurisdiction.id and one.area.label not in areas:
            areas.append(one.area.label)
    for what, areas in groups.items():
        yield what + (f" in {', '.join(map(inside, areas))}" if areas else "")
    for level in dict.fromkeys(one.level.label for one in answer.held_off):
        yield f"{level} on the books, but held off"


def mark(moment: Moment) -> str:
    """The word of the mark: what a part of the country or a group has that is stricter than what everyone has."""
    rank = max((one.rank for answer in moment.answers for one in answer.measures), default=0)
    stricter = [(answer, one) for answer in moment.answers for one in answer.narrower if one.rank > rank and not one.held_off_by]  # fmt: skip
    found = dict.fromkeys(_narrow(answer, one) for answer, one in stricter)
    return ", ".join(sorted(found, reverse=True))


def _narrow(answer: Status, one: Standing) -> str:
    return "part" if one.reach == "narrower" and one.area.id != answer.jurisdiction.id else "group"


def count(found: Spread) -> str:
    """How many places have which level on the day, in a sentence."""
    places = drawn(found)
    return sentence(Counter(look(one, one.now) for one in places), len(places))


def sentence(numbers: Counter[str], whole: int) -> str:
    """Numbers of looks as a sentence; the script of the page words other days in the same way."""
    parts = [f"{word} in {numbers[one]}" for one, word in LOOKS.items() if numbers[one]]
    if not parts:
        return f"Nothing is recorded for that day in any of {whole} recorded jurisdictions, which does not mean: not restricted."
    parts[0] += f" of {whole} recorded jurisdictions"
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}; in {numbers[NOTHING]} nothing is recorded for that day, which does not mean: not restricted."


def figures(found: Spread, *, history: bool) -> list[dict[str, Any]]:
    """The shapes in the order of drawing: land first, outlines without a fill above it, then points. With ``history`` what any earlier day needs is there."""
    places = {one.ref.id: one for one in found.places}
    made = []
    for code, shape in shapes.world()["shapes"].items():
        place = places.get(code)
        path = shape.get("d", "")
        classes = look(place, place.now) if place else UNSEEN
        ever = {look(place, one) for one in place.moments} if place and history else {classes}
        lined = any(one not in {NOTHING, UNSEEN, "blocked", "pressure"} for one in ever)
        made.append(
            {
                "code": code,
                "look": classes,
                "seen": classes != UNSEEN,
                "told": told(found, place, place.now)
                if place
                else f"{_UNLISTED.get(code, code)}: not a jurisdiction of the record",
                "d": path,
                "lines": shapes.hatching(path) if path and lined else "",
                "dots": shapes.dots(path) if path and classes == UNSEEN else "",
                "at": shape["at"] if "small" in shape else None,
                "size": _SIZES.get(classes, _SIZES["possible"] if classes.endswith("possible") else _SIZES["level"]),
            }
        )
    return sorted(made, key=lambda one: (one["at"] is not None, "possible" in one["look"]))


def marks(found: Spread, *, history: bool) -> list[dict[str, Any]]:
    """Marks with their words; a word that would lie on another one is left out, since the table has it."""
    made: list[dict[str, Any]] = []
    taken: list[tuple[float, float, float, float]] = []
    for place in drawn(found):
        said = [mark(one) for one in place.moments] if history else [mark(place.now)]
        longest = max(said, key=len)
        if not longest:
            continue
        x, y = shapes.world()["shapes"][place.ref.id]["at"]
        box = (x - _MARK_SIZE, y - _WORD / 2, x + _MARK_SIZE + 4 + len(longest) * _WORD * 0.55, y + _WORD / 2)
        free = not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken
        )
        taken.append(box if free else (x - _MARK_SIZE, y - _MARK_SIZE, x + _MARK_SIZE, y + _MARK_SIZE))
        now = mark(place.now)
        told_now = told(found, place, place.now)
        made.append(
            {"code": place.ref.id, "x": x, "y": y, "word": now, "shown": bool(now), "free": free, "told": told_now}
        )
    return made


def legend(found: Spread, *, history: bool) -> list[tuple[str, str]]:
    """The looks that occur, each with its words."""
    places = drawn(found)
    seen = {look(one, moment) for one in places for moment in (one.moments if history else one.moments[-1:])}
    levels = [(one, word) for one, word in LOOKS.items() if one in seen]
    return [*levels, *MEANINGS.items()]
