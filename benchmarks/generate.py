"""Makes a record of the shape of the packaged one at any size, with status questions whose answers are known.

Run with ``python benchmarks/generate.py --statements 1000000 --out FOLDER [--seed 1] [--questions 300]``. The folder then
holds Turtle files as a person would write them and ``answers.jsonl``: a question a line, with verdict and certainty. The same seed
gives the same bytes. Nothing is held but one file, so a hundred million statements need time and disk but no memory.

What it models: families of companies in chains of one to four owners, with one to a dozen platforms; measures that
gather on few platforms and few places (as on TikTok and Russia) while a platform has a handful in any one place; two to
five accounts a measure, one to four sources an account, sources that carry several facts; lifts, stays, corrections,
vague and disputed dates, designations that reach platforms, exemptions, a union with members, regions, cuts of all
access, and acts without a level (fines, demands, announcements). Jurisdictions stay 200 at any size, as in the world; so what
applies in a country grows with the record, and what is known of one platform in one country does not.

What it does not model: texts worth reading, labels in several languages, persons, phases of laws.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from random import Random

import stories
from blocks import Writer, plain, text
from stories import CONFIRMED, LATE, Question, Scene

PLACES = [f"Q{number:03}" for number in range(200)]
_MEMBERS, _WITH_REGIONS, _CUT = PLACES[20:47], PLACES[60:100], PLACES[190:]
_UNION = "QUN"
_ORDINARY = [one for one in PLACES if one not in {*_MEMBERS, *_CUT}]
_NETWORK = "all-access-of-q"
_A_FAMILY, _THE_WORLD = 900, 6000
"""Statements of an average family and of what all share, for spreading the questions; being wrong spreads them less evenly."""
_A_FILE = 20_000
_FAMILY_NAMES = 28**4
_SYLLABLES = [one + other for one in "bdfgklmnprstvz" for other in ("a", "o")]
_CATEGORIES = ("messenger", "social-network", "video-platform", "news", "game", "forum", "shopping", "vpn-category", "ai-assistant", "blogging")  # fmt: skip
_MOST_PLACES = 60


def main() -> None:
    """Write a record and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--statements", type=int, default=1_000_000, help="at least so many, before anything is derived"
    )
    parser.add_argument("--out", type=Path, required=True, help="a folder that does not exist yet or is empty")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--questions", type=int, default=300)
    given = parser.parse_args()
    if given.statements < 1:
        parser.error("--statements is a number above 0")
    if given.out.exists() and any(given.out.iterdir()):
        parser.error(f"{given.out} is not empty")
    tell = print_progress(given.statements) if sys.stderr.isatty() else None
    written, asked = generate(given.out, given.statements, given.seed, given.questions, tell)
    print(f"{written} statements and {asked} questions in {given.out}")


def print_progress(whole: int) -> Callable[[int], None]:
    """A line on standard error that shows how far it is."""
    return lambda done: print(f"\r{min(100, done * 100 // whole)} %", end="", file=sys.stderr, flush=True)


def generate(
    out: Path, statements: int, seed: int = 1, questions: int = 300, tell: Callable[[int], None] | None = None
) -> tuple[int, int]:
    """Write a record of at least so many statements; give the numbers of statements and of questions."""
    out.mkdir(parents=True, exist_ok=True)
    written, asked = 0, 0
    with (out / "answers.jsonl").open("w", encoding="utf-8", newline="\n") as answers:
        for number, (content, count, some) in enumerate(files(statements, seed, questions)):
            (out / f"part-{number:05}.ttl").write_text(content, encoding="utf-8", newline="\n")
            written += count
            for question in some[: max(0, questions - asked)]:
                answers.write(json.dumps(asdict(question), default=str, sort_keys=True) + "\n")
                asked += 1
            if tell:
                tell(written)
    return written, asked


def files(statements: int, seed: int, questions: int) -> Iterator[tuple[str, int, list[Question]]]:
    """One file after the other: its text, the number of its statements, and the questions about it."""
    out = Writer()
    _world(out, Random(f"{seed} world"))  # noqa: S311  reproducible, not secret
    families = max(1, (statements - _THE_WORLD) // _A_FAMILY)
    every, each = max(1, families // max(1, questions // 6)), max(6, -(-questions // families))
    told: Counter[str] = Counter()
    left, found = statements, []
    for number in range(_FAMILY_NAMES):
        scene = _family(out, number, seed)
        if number % every == 0:
            found += _chosen(scene.questions, each, Random(f"{seed} questions {number}"), told)  # noqa: S311
        done = out.statements >= left
        if out.statements >= _A_FILE or done:
            yield out.whole(), out.statements, found
            left -= out.statements
            out, found = Writer(), []
        if done:
            return


def _chosen(questions: list[Question], most: int, chance: Random, told: Counter[str]) -> list[Question]:
    """Some questions, first of stories that were asked about least."""
    found: list[Question] = []
    waiting = chance.sample(questions, len(questions))
    while waiting and len(found) < most:
        one = min(waiting, key=lambda question: told[question.story])
        waiting.remove(one)
        told[one.story] += 1
        found.append(one)
    return found


def _world(out: Writer, chance: Random) -> None:
    """What all families share: places, their offices and first laws, a union, a network that is cut in some places."""
    scene = Scene(out, chance, "world")
    for code in PLACES:
        _thing(out, code, "prk:Jurisdiction", f"Land of {code}", [("skos:notation", plain(code))])
        for number in range(3):
            _office(out, code, number)
        _law(out, code, 0)
    for code in _WITH_REGIONS:
        for region in (f"{code}-R0", f"{code}-R1"):
            _thing(out, region, "prk:Jurisdiction", f"Region {region}", [("skos:notation", plain(region)), ("prk:within", f"prki:{code}")])  # fmt: skip
    _thing(out, _UNION, "prk:Jurisdiction", "Union of Q", [("skos:notation", plain(_UNION))])
    _office(out, _UNION, 0)
    _law(out, _UNION, 0)
    _thing(out, _NETWORK, "prk:NetworkAccess", "All access of Q", [("prk:carriesEverything", "true")])
    since = date(2000, 1, 1)
    for code in _MEMBERS:
        claims = [scene.stated("validFrom", since, since), scene.stated("inForceOn", CONFIRMED, CONFIRMED)]
        scene.act(f"{_UNION}-member-{code}", "JurisdictionMembership", "Member", [("prk:member", f"prki:{code}"), ("prk:union", f"prki:{_UNION}")], claims)  # fmt: skip
    for number, code in enumerate(_CUT):
        begun = _cut(number)
        claims = [scene.stated("validFrom", begun, begun), scene.stated("validUntil", begun + timedelta(9), begun + timedelta(9))]  # fmt: skip
        scene.measure(f"{code}-cut", _NETWORK, code, "blocked", claims)


def _cut(number: int) -> date:
    return date(2012 + number, 3, 1)


def _thing(out: Writer, ident: str, kind: str, label: str, pairs: Sequence[tuple[str, str | Sequence[str]]]) -> None:
    out.add(ident, kind, [("skos:prefLabel", text(label)), *pairs])


def _office(out: Writer, code: str, number: int) -> None:
    kind = ("prk:Regulator", "prk:Court", "prk:Ministry")[number % 3]
    _thing(out, f"{code.lower()}-office-{number}", kind, f"Office {number} of {code}", [("prk:jurisdiction", f"prki:{code}")])  # fmt: skip


def _law(out: Writer, code: str, number: int) -> None:
    _thing(out, f"{code.lower()}-law-{number}", "eli:LegalResource", f"Law {number} of {code}", [("prk:jurisdiction", f"prki:{code}")])  # fmt: skip


def name_of(number: int) -> str:
    """A word of its own for every number."""
    word = ""
    for _ in range(4):
        number, place = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[(place * 11 + 5) % len(_SYLLABLES)]
    return word


def _family(out: Writer, number: int, seed: int) -> Scene:
    """A chain of companies with its platforms and all that happens to them."""
    chance = Random(f"{seed} family {number}")  # noqa: S311  reproducible, not secret
    name = name_of(number)
    companies = [
        f"{name}-{rank}" for rank in ("holding", "group", "media", "net")[: min(4, int(chance.paretovariate(1.5)))]
    ]
    scene = Scene(out, chance, name, companies, office=lambda place, luck: f"{place[:4].lower()}-office-{0 if place == _UNION else luck.randrange(3)}")  # fmt: skip
    scene.laws = lambda place, _: f"{place[:4].lower()}-law-0"
    platforms = [f"{name}{rank}" for rank in ("", *"xyzwvutsrqp")[: min(12, int(chance.paretovariate(1.2)))]]
    home = _place(chance)
    for rank, company in enumerate(companies):
        _thing(out, company, "prk:Company", company.replace("-", " ").title(), [("prk:jurisdiction", f"prki:{home}")])
        if rank:
            _owned(scene, companies[rank - 1], company)
    for platform in platforms:
        _platform(scene, platform)
        _owned(scene, companies[-1], platform)
    taken = _designated(scene, platforms) if chance.random() < 0.15 else set()
    for platform in platforms:
        _happenings(scene, platform, set(taken))
    return scene


def _platform(scene: Scene, platform: str) -> None:
    chance, label = scene.chance, platform.capitalize()
    also = [text(f"{label} app")] if chance.random() < 0.5 else []
    _thing(scene.out, platform, "prk:Platform", label, [("skos:altLabel", also), ("prk:category", f"prkc:{chance.choice(_CATEGORIES)}")])  # fmt: skip
    if chance.random() < 0.8:
        host = f"{platform}.example"
        pairs = [("prk:domainName", plain(host)), ("prk:domainOf", f"prki:{platform}")]
        scene.act(f"domain-{platform}", "DomainUse", host, pairs, [scene.stated("inForceOn", CONFIRMED, CONFIRMED)])


def _owned(scene: Scene, owner: str, asset: str) -> None:
    pairs = [("prk:owner", f"prki:{owner}"), ("prk:asset", f"prki:{asset}"), ("prk:ownershipKind", "prkc:owns")]
    since = date(2001 + scene.chance.randrange(6), 5, 1)
    claims = [scene.stated("validFrom", since, since), scene.stated("inForceOn", CONFIRMED, CONFIRMED)]
    scene.act(f"{asset}-owned-by-{owner}", "Ownership", f"{owner.title()} owns it", pairs, claims)


def _designated(scene: Scene, platforms: Sequence[str]) -> set[str]:
    """The head of the family is designated in a place: each platform comes under pressure, one may be left out."""
    place, begun = scene.chance.choice(_ORDINARY), scene.begin()
    seen = begun + scene.some(20, 200)
    ident = f"{place}-{scene.name}-designated"
    pairs = [("prk:target", f"prki:{scene.companies[0]}"), ("prk:appliesIn", f"prki:{place}"), ("prk:designatedAs", "prkc:extremist-organisation"), ("prk:decidedBy", f"prki:{scene.office(place, scene.chance)}")]  # fmt: skip
    claims = [scene.stated("validFrom", begun, begun), scene.stated("inForceOn", seen, seen)]
    scene.act(ident, "Designation", "Designated", pairs, claims)
    spared = platforms[-1] if len(platforms) > 1 else None
    if spared:
        left = [
            ("prk:exempts", f"prki:{ident}"),
            ("prk:beneficiary", f"prki:{spared}"),
            ("prk:appliesIn", f"prki:{place}"),
        ]
        scene.act(f"{ident}-exemption", "Exemption", "Left out", left, [scene.stated("validFrom", begun, begun)])
        scene.ask("exempted", spared, place, (begun + scene.some(0, 99), LATE, "nothing recorded", None))
    for platform in platforms[:-1] if spared else platforms:
        scene.ask("designated", platform, place,
                  (begun - timedelta(1), LATE, "nothing recorded", None),
                  (seen, LATE, "under pressure", "definite"),
                  (seen + timedelta(1), LATE, "under pressure", "presumed"),
                  (begun + timedelta(1), begun - timedelta(1), "nothing recorded", None))  # fmt: skip
    return {place}


def _happenings(scene: Scene, platform: str, taken: set[str]) -> None:
    """Stories of one platform, each in a place of its own, so that none changes the answers of another."""
    chance = scene.chance
    if chance.random() < 0.05:
        _in_union(scene, platform)
        taken |= set(_MEMBERS)
    for number in range(min(_MOST_PLACES, int(chance.paretovariate(1.1)))):
        place = next((one for _ in range(9) if (one := _place(chance)) not in taken), None)
        if place is None:
            continue
        taken.add(place)
        story = chance.choice((*stories.IN_ANY_PLACE, *(stories.WITH_REGIONS if place in _WITH_REGIONS else ())))
        story(scene, f"{place}-{platform}-{number}", platform, place)
        if chance.random() < 0.6:
            _act(scene, f"{place}-{platform}-act-{number}", platform, place)
    quiet = next(one for one in _ORDINARY if one not in taken)
    scene.ask("quiet", platform, quiet, (scene.begin(), LATE, "nothing recorded", None))
    cut = chance.randrange(len(_CUT))
    scene.ask("cut", platform, _CUT[cut],
              (_cut(cut) + scene.some(0, 8), LATE, "blocked", "definite"),
              (_cut(cut) + scene.some(10, 99), LATE, "nothing recorded", None))  # fmt: skip


def _in_union(scene: Scene, platform: str) -> None:
    """What the union does holds in its members."""
    begun = scene.begin()
    seen = begun + scene.some(20, 200)
    claims = [scene.stated("validFrom", begun, begun), scene.stated("inForceOn", seen, seen)]
    scene.measure(f"{_UNION}-{platform}", platform, _UNION, "limited", claims)
    for place in (_UNION, scene.chance.choice(_MEMBERS)):
        scene.ask("union", platform, place,
                  (begun - timedelta(1), LATE, "nothing recorded", None),
                  (seen, LATE, "limited", "definite"),
                  (seen + timedelta(1), LATE, "limited", "presumed"))  # fmt: skip


def _act(scene: Scene, ident: str, platform: str, place: str) -> None:
    """An act without a level: it stands in timelines and changes no verdict."""
    kind, name = scene.chance.choice((("Fine", "decided"), ("Demand", "announced"), ("Announcement", "announced"), ("Ruling", "decided")))  # fmt: skip
    pairs = [("prk:target" if kind != "Announcement" else "prk:concerns", f"prki:{platform}"), ("prk:appliesIn", f"prki:{place}"), ("prk:imposedBy" if kind in {"Fine", "Demand"} else "prk:decidedBy", f"prki:{scene.office(place, scene.chance)}")]  # fmt: skip
    if kind == "Fine":
        pairs += [("prk:amount", f"{scene.chance.randrange(1, 900)}000.0"), ("prk:currency", plain("EUR"))]
    day = scene.begin()
    scene.act(ident, kind, f"{kind} over {platform}", pairs, [scene.stated(name, day, day)])


def _place(chance: Random) -> str:
    """A place where measures may apply; few of them have most."""
    return _ORDINARY[int(len(_ORDINARY) * chance.random() ** 2.5)]


if __name__ == "__main__":
    main()
