"""What happens to a platform in a place in a made-up record, and what its status must therefore be.

Each story writes its facts and gives questions with their answers. The answers follow from the plan of the story (when
it begins, when its sources came out, when it ends), by the rules of the design in words; nothing here asks the program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from blocks import Claim, Writer, plain, text

LATE = date(2026, 2, 1)
"""A day on which everything is public."""
CONFIRMED = date(2025, 12, 20)
"""The day up to which ownerships and memberships are confirmed."""
_FIRST = date(2008, 1, 1)
_SPAN = 5600
"""Days on which stories may begin; the longest still ends before :data:`CONFIRMED`."""
KINDS = {
    "blocked": ("full-block", "dns-removal"),
    "limited": ("throttle", "app-store-removal", "registration-ban", "advertising-ban"),
    "under pressure": ("operator-suspension",),
    "withdrawn by the company": ("service-suspension",),
}
_GROUNDS = ("terrorism", "fraud", "data-localisation", "child-protection", "unlawful-content", "protests", "election", "national-security", "no-local-office", "refused-content-removal", "public-order")  # fmt: skip
_WORDS = [
    "the",
    "service",
    "was",
    "cut",
    "after",
    "an",
    "order",
    "that",
    "named",
    "several",
    "laws",
    "and",
    "a",
    "court",
    "which",
    "had",
    "heard",
    "both",
    "sides",
    "while",
    "users",
    "in",
    "most",
    "regions",
    "still",
    "reached",
    "it",
    "over",
    "other",
    "networks",
]
_PUBLISHERS = 400


@dataclass(frozen=True)
class Question:
    """One status question with its answer; no verdict but *nothing recorded* has no certainty."""

    platform: str
    jurisdiction: str
    on: date
    known: date
    verdict: str
    certainty: str | None
    story: str


@dataclass
class Scene:
    """One family of companies and platforms: where facts are written, its chance, its sources, its questions."""

    out: Writer
    chance: Random
    name: str
    companies: Sequence[str] = ()
    laws: Callable[[str, Random], str] = lambda place, _: f"{place.lower()}-law-0"
    office: Callable[[str, Random], str] = lambda place, _: f"{place.lower()}-office-0"
    questions: list[Question] = field(default_factory=list)
    pool: list[tuple[date, str]] = field(default_factory=list)
    made: int = 0

    def ask(self, story: str, platform: str, place: str, *cases: tuple[date, date, str, str | None]) -> None:
        """Keep some questions: day asked about, day of knowledge, verdict, certainty."""
        self.questions += [Question(platform, place, *case, story) for case in cases]

    def sources(self, public: date) -> list[str]:
        """One to four sources, the earliest of which came out on a day; later ones may carry other facts too."""
        found = [self._source(public)]
        for _ in range(min(3, int(self.chance.paretovariate(1.6)) - 1)):
            later = [name for day, name in self.pool if day >= public and name not in found]
            found.append(
                self.chance.choice(later)
                if later and self.chance.random() < 0.6
                else self._source(public + timedelta(self.chance.randrange(20)))
            )
        return found

    def _source(self, issued: date) -> str:
        name = f"s-{self.name}-{self.made}"
        self.made += 1
        pairs = [
            ("dcterms:title", text(self.prose(6))),
            ("dcterms:publisher", plain(f"Paper {int(_PUBLISHERS * self.chance.random() ** 2)}")),
            ("dcterms:issued", f'"{issued}"^^edtf:EDTF'),
            ("prk:sourceKind", "prkc:" + self.chance.choice(("press", "press", "press", "agency", "official", "ngo"))),
            ("prk:readOn", f'"{LATE}"^^xsd:date'),
            ("prk:url", f'"https://paper.example/{self.name}/{self.made}"^^xsd:anyURI'),
        ]
        self.out.add(name, "prk:Source", pairs[1:] if self.chance.random() < 0.4 else pairs)
        self.pool = [*self.pool[-11:], (issued, name)]
        return name

    def prose(self, words: int) -> str:
        """Some words."""
        return " ".join(self.chance.choice(_WORDS) for _ in range(words)).capitalize()

    def begin(self) -> date:
        """A day on which something begins."""
        return _FIRST + timedelta(self.chance.randrange(_SPAN))

    def some(self, low: int, high: int) -> timedelta:
        """A number of days, both ends included."""
        return timedelta(self.chance.randint(low, high))

    def measure(
        self, ident: str, platform: str, place: str, level: str, claims: Sequence[Claim], audience: str = "everyone"
    ) -> None:
        """Write one measure, or the withdrawal of a company."""
        company = level.startswith("withdrawn")
        kind = "device-ban" if audience != "everyone" else self.chance.choice(KINDS[level])
        imposed = self.companies[-1] if company and self.companies else self.office(place, self.chance)
        pairs: list[tuple[str, str | Sequence[str]]] = [
            ("skos:prefLabel", text(f"{platform.capitalize()} {kind.replace('-', ' ')} in {place} ({ident})")),
            ("skos:note", [text(self.prose(self.chance.randint(8, 40)))] if self.chance.random() < 0.6 else []),
            ("prk:target", f"prki:{platform}"),
            ("prk:appliesIn", f"prki:{place}"),
            ("prk:kind", f"prkc:{kind}"),
            ("prk:affects", f"prkc:{audience}"),
            ("prk:imposedBy", f"prki:{imposed}"),
            ("prk:basedOn", [f"prki:{self.laws(place, self.chance)}"] if self.chance.random() < 0.4 else []),
            ("prk:ground", sorted({f"prkc:{self.chance.choice(_GROUNDS)}" for _ in range(self.chance.randint(1, 3))})),
        ]
        self.out.add(ident, "prk:Withdrawal" if company else "prk:RestrictionMeasure", pairs, claims)

    def act(self, ident: str, kind: str, label: str, pairs: Sequence[tuple[str, str]], claims: Sequence[Claim]) -> None:
        """Write any other dated fact."""
        self.out.add(ident, f"prk:{kind}", [("skos:prefLabel", text(f"{label} ({ident})")), *pairs], claims)

    def stated(self, name: str, when: date | str, public: date) -> Claim:
        """A claim with sources of its own that came out from a day on."""
        return name, str(when), self.sources(public)


def running(scene: Scene, ident: str, platform: str, place: str) -> None:
    """It began, was confirmed once, and no end is on record."""
    begun, level = scene.begin(), scene.chance.choice(list(KINDS))
    told, seen = begun + scene.some(0, 3), begun + scene.some(30, 300)
    claims = [scene.stated("validFrom", begun, told), scene.stated("inForceOn", seen, seen + scene.some(0, 5))]
    scene.measure(ident, platform, place, level, claims)
    scene.ask("running", platform, place,
              (begun - scene.some(1, 99), LATE, "nothing recorded", None),
              (begun, LATE, level, "definite"),
              (seen, LATE, level, "definite"),
              (seen + scene.some(1, 99), LATE, level, "presumed"),
              (begun + scene.some(1, 20), told, level, "presumed"),
              (begun + scene.some(1, 20), told - scene.some(1, 9), "nothing recorded", None))  # fmt: skip


def ended(scene: Scene, ident: str, platform: str, place: str, *, lifted: bool = False) -> None:
    """It began and ended; the end is told of by the measure itself or by a lift."""
    begun, level = scene.begin(), scene.chance.choice(list(KINDS))
    over = begun + scene.some(20, 200)
    told, known = begun + scene.some(0, 3), over + scene.some(1, 9)
    claims = [scene.stated("validFrom", begun, told)]
    if lifted:
        pairs = [
            ("prk:lifts", f"prki:{ident}"),
            ("prk:concerns", f"prki:{platform}"),
            ("prk:appliesIn", f"prki:{place}"),
        ]
        scene.act(f"{ident}-lift", "Lift", "End of it", pairs, [scene.stated("validFrom", over, known)])
    else:
        claims.append(scene.stated("validUntil", over, known))
    scene.measure(ident, platform, place, level, claims)
    scene.ask("lifted" if lifted else "ended", platform, place,
              (over - scene.some(1, 10), LATE, level, "definite"),
              (over, LATE, "ended that day", "ended that day"),
              (over + scene.some(1, 99), LATE, "nothing recorded", None),
              (over + scene.some(1, 99), known - timedelta(1), level, "presumed"))  # fmt: skip


def lifted(scene: Scene, ident: str, platform: str, place: str) -> None:
    """A lift ends it."""
    ended(scene, ident, platform, place, lifted=True)


def vague(scene: Scene, ident: str, platform: str, place: str) -> None:
    """It began in a month; inside that month it is possible."""
    first, level = scene.begin().replace(day=1), scene.chance.choice(list(KINDS))
    last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    seen = last + scene.some(5, 200)
    claims = [scene.stated("validFrom", f"{first:%Y-%m}", last), scene.stated("inForceOn", seen, seen)]
    scene.measure(ident, platform, place, level, claims)
    scene.ask("vague", platform, place,
              (first - timedelta(1), LATE, "nothing recorded", None),
              (first + scene.some(0, 20), LATE, f"possibly {level}", "possible"),
              (last, LATE, level, "definite"),
              (seen + timedelta(1), LATE, level, "presumed"))  # fmt: skip


def disputed(scene: Scene, ident: str, platform: str, place: str) -> None:
    """Two accounts of the beginning differ; between them it is possible."""
    first, level = scene.begin(), scene.chance.choice(list(KINDS))
    other = first + scene.some(3, 30)
    seen = other + scene.some(30, 99)
    claims = [scene.stated("validFrom", first, other), scene.stated("validFrom", other, other), scene.stated("inForceOn", seen, seen)]  # fmt: skip
    scene.measure(ident, platform, place, level, claims)
    scene.ask("disputed", platform, place,
              (first - timedelta(1), LATE, "nothing recorded", None),
              (first + timedelta(1), LATE, f"possibly {level}", "possible"),
              (other, LATE, level, "definite"),
              (seen, other, level, "presumed"))  # fmt: skip


def corrected(scene: Scene, ident: str, platform: str, place: str) -> None:
    """A correction moves the beginning; whoever knew only the first account answers by that one."""
    begun, level = scene.begin(), scene.chance.choice(list(KINDS))
    earlier, mended = begun - scene.some(20, 60), begun + scene.some(60, 99)
    seen = mended + scene.some(0, 99)
    claims = [scene.stated("validFrom", begun, begun), scene.stated("!validFrom", earlier, mended), scene.stated("inForceOn", seen, seen)]  # fmt: skip
    scene.measure(ident, platform, place, level, claims)
    scene.ask("corrected", platform, place,
              (earlier + scene.some(0, 10), mended - timedelta(1), "nothing recorded", None),
              (earlier + scene.some(0, 10), LATE, level, "definite"),
              (begun + timedelta(1), mended - timedelta(1), level, "presumed"))  # fmt: skip


def stayed(scene: Scene, ident: str, platform: str, place: str) -> None:
    """A court stays it for a while; in that while nothing counts."""
    begun, level = scene.begin(), scene.chance.choice(["blocked", "limited"])
    stay = begun + scene.some(20, 60)
    back = stay + scene.some(20, 60)
    seen = back + scene.some(20, 60)
    scene.measure(ident, platform, place, level, [scene.stated("validFrom", begun, begun), scene.stated("inForceOn", seen, seen)])  # fmt: skip
    pairs = [("prk:suspends", f"prki:{ident}"), ("prk:appliesIn", f"prki:{place}"), ("prk:target", f"prki:{platform}")]
    scene.act(f"{ident}-stay", "Suspension", "Stay of it", pairs, [scene.stated("validFrom", stay, stay), scene.stated("validUntil", back, back)])  # fmt: skip
    scene.ask("stayed", platform, place,
              (stay - timedelta(1), LATE, level, "definite"),
              (stay + scene.some(0, 10), LATE, "nothing recorded", None),
              (back, LATE, level, "definite"))  # fmt: skip


def worsened(scene: Scene, ident: str, platform: str, place: str) -> None:
    """First limited, then blocked: the severest counts."""
    first = scene.begin()
    then = first + scene.some(20, 200)
    seen = then + scene.some(20, 99)
    for number, (level, day) in enumerate((("limited", first), ("blocked", then))):
        claims = [scene.stated("validFrom", day, day), scene.stated("inForceOn", seen, seen)]
        scene.measure(f"{ident}-{number}", platform, place, level, claims)
    scene.ask("worsened", platform, place,
              (then - timedelta(1), LATE, "limited", "definite"),
              (then, LATE, "blocked", "definite"),
              (seen + timedelta(1), LATE, "blocked", "presumed"),
              (seen, then - timedelta(1), "limited", "presumed"))  # fmt: skip


def devices(scene: Scene, ident: str, platform: str, place: str) -> None:
    """Only officials are barred: listed, and no verdict for everyone."""
    begun = scene.begin()
    scene.measure(ident, platform, place, "blocked", [scene.stated("validFrom", begun, begun)], "government-devices")
    scene.ask("devices", platform, place, (begun + scene.some(0, 99), LATE, "nothing recorded", None))


def regional(scene: Scene, ident: str, platform: str, place: str) -> None:
    """What holds in a region is the answer there and none for the country."""
    begun = scene.begin()
    seen = begun + scene.some(9, 99)
    region = f"{place}-R{scene.chance.randrange(2)}"
    scene.measure(ident, platform, region, "blocked", [scene.stated("validFrom", begun, begun), scene.stated("inForceOn", seen, seen)])  # fmt: skip
    scene.ask("regional", platform, region, (seen, LATE, "blocked", "definite"))
    scene.ask("regional", platform, place, (seen, LATE, "nothing recorded", None))


def national(scene: Scene, ident: str, platform: str, place: str) -> None:
    """What holds in a country holds in its regions."""
    begun = scene.begin()
    seen = begun + scene.some(9, 99)
    scene.measure(ident, platform, place, "limited", [scene.stated("validFrom", begun, begun), scene.stated("inForceOn", seen, seen)])  # fmt: skip
    for area in (f"{place}-R0", place):
        scene.ask("national", platform, area, (seen, LATE, "limited", "definite"), (begun - timedelta(1), LATE, "nothing recorded", None))  # fmt: skip


IN_ANY_PLACE = (running, running, running, running, ended, ended, lifted, lifted, vague, disputed, corrected, stayed, worsened, devices)  # fmt: skip
WITH_REGIONS = (regional, national)
