from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph
from tiny import (
    OPEN_END,
    THINGS,
    claim,
    derived,
    designation,
    dump,
    known_on,
    measure,
    node,
    owns,
    source,
    values,
    versions,
    write,
)

from kg import names, places
from kg.build import rules
from kg.build.compile import derive
from kg.build.read import read_record
from kg.build.rules import run_rules
from kg.build.versions import add_versions
from kg.errors import DataError

DAY = "2024-03-02"
BEGAN = claim(DAY, validFrom="2024-03-01")
LATER = claim("2024-06-02", validFrom="2024-06-01")
DAYS = [DAY, "2024-06-02", "2024-09-02"]
NOW = "2026-11-22"
MARCH = ("2024-03-01", "2024-03-01")
JUNE = ("2024-06-01", "2024-06-01")


def held(store: ox.Store) -> set[tuple[str, str]]:
    """Who controls what, by the rules."""
    rows = store.query(
        "SELECT ?holder ?held { ?control a prk:Control ; prk:holder ?holder ; prk:held ?held }", prefixes=names.PREFIXES
    )
    assert isinstance(rows, ox.QuerySolutions)
    return {(names.local_name(row["holder"].value), names.local_name(row["held"].value)) for row in rows}


def reached(store: ox.Store) -> set[tuple[str, str]]:
    """Which exposure reaches which platform."""
    rows = store.query(
        "SELECT ?exposure ?target { ?exposure a prk:Exposure ; prk:target ?target }", prefixes=names.PREFIXES
    )
    assert isinstance(rows, ox.QuerySolutions)
    return {(names.local_name(row["exposure"].value), names.local_name(row["target"].value)) for row in rows}


# Lifts


def test_lift_ends_every_measure_that_it_lifts(tmp_path: Path) -> None:
    """One lift is an account of the end of each measure, and of no other."""
    lift = node("lift", "Lift", "prk:lifts prki:one , prki:two", LATER)
    parts = (measure("one", BEGAN), measure("two", BEGAN, target="peep"), measure("three", BEGAN), lift)
    store = derived(tmp_path, DAYS, *parts)
    assert known_on(store, "one", NOW) == known_on(store, "two", NOW) == [(MARCH, JUNE)]
    assert known_on(store, "three", NOW) == [(MARCH, ("2024-03-02", OPEN_END))]


def test_lift_leaves_earlier_knowledge_alone(tmp_path: Path) -> None:
    """As publicly known before the lift, the measure still has no end."""
    lift = node("lift", "Lift", "prk:lifts prki:one", LATER)
    store = derived(tmp_path, DAYS, measure("one", BEGAN), lift)
    assert known_on(store, "one", "2024-06-01") == [(MARCH, ("2024-03-02", OPEN_END))]
    assert known_on(store, "one", "2024-06-02") == [(MARCH, JUNE)]


def test_two_accounts_of_a_lift_leave_the_days_between_possible(tmp_path: Path) -> None:
    """Sources that differ on the day of a lift widen the end of the measure in the same way."""
    lift = node("lift", "Lift", "prk:lifts prki:one", LATER, claim("2024-09-02", validFrom="2024-05-20"))
    store = derived(tmp_path, DAYS, measure("one", BEGAN), lift)
    assert known_on(store, "one", NOW) == [(MARCH, ("2024-05-20", "2024-06-01"))]


def test_corrected_lift_corrects_the_end(tmp_path: Path) -> None:
    """A correction of the day of a lift withdraws the earlier end from its own day on."""
    corrected = claim("2024-09-02", extra="prk:stance prkc:correction", validFrom="2024-05-20")
    lift = node("lift", "Lift", "prk:lifts prki:one", LATER, corrected)
    store = derived(tmp_path, DAYS, measure("one", BEGAN), lift)
    assert known_on(store, "one", "2024-09-01") == [(MARCH, JUNE)]
    assert known_on(store, "one", "2024-09-02") == [(MARCH, ("2024-05-20", "2024-05-20"))]


def test_lift_and_own_end_claim_add_up(tmp_path: Path) -> None:
    """The end that a lift gives stands beside the end that another source gives."""
    ended = claim("2024-09-02", validUntil="[2024-05-25..2024-06-10]")
    store = derived(tmp_path, DAYS, measure("one", BEGAN, ended), node("lift", "Lift", "prk:lifts prki:one", LATER))
    assert known_on(store, "one", NOW) == [(MARCH, JUNE)]


# Control

CONTROL = [
    ("owns without a share", "owns", "", True),
    ("owns everything", "owns", "prk:share 100", True),
    ("owns just over half", "owns", "prk:share 50.1", True),
    ("owns exactly half", "owns", "prk:share 50", False),
    ("owns a fifth", "owns", "prk:share 19.9", False),
    ("controls with less than half", "controls", "prk:share 45", True),
    ("controls without a share", "controls", "", True),
    ("operates", "operates", "", True),
    ("holds a part without deciding", "holds-part", "", False),
    ("holds a large part without deciding", "holds-part", "prk:share 60", False),
    ("heads", "heads", "", False),
    ("owns the national business", "owns", "prk:share 100 ; prk:appliesIn prki:ZZ", False),
    ("controls the national business", "controls", "prk:appliesIn prki:ZZ", False),
]


@pytest.mark.parametrize(
    ("kind", "more", "expected"), [case[1:] for case in CONTROL], ids=[case[0] for case in CONTROL]
)
def test_ownership_gives_control(tmp_path: Path, kind: str, more: str, expected: bool) -> None:
    """More than half, or a source that says so, gives control of the whole; a national share does not."""
    store = derived(tmp_path, DAYS, owns("top", "chirp", BEGAN, kind=kind, more=more))
    assert held(store) == ({("top", "chirp")} if expected else set())


def test_control_follows_chains(tmp_path: Path) -> None:
    """Who controls the owner controls the asset, at any depth, while every link holds and as surely as the least sure."""
    store = derived(
        tmp_path,
        DAYS,
        owns("top", "middle", LATER),
        owns("middle", "low", BEGAN),
        owns("low", "chirp", claim("2024-09-02", validFrom="2024-02-01", validUntil="2024-08-31")),
    )
    assert held(store) == {("top", "middle"), ("top", "low"), ("top", "chirp"), ("middle", "low"), ("middle", "chirp"), ("low", "chirp")}  # fmt: skip
    assert known_on(store, "chirp/controlled-by/top", NOW) == [(JUNE, ("2024-03-02", "2024-08-31"))]
    assert known_on(store, "chirp/controlled-by/top", "2024-09-01") == []


def test_chain_breaks_at_a_minority(tmp_path: Path) -> None:
    """A share of half or less in the middle ends the chain."""
    store = derived(tmp_path, DAYS, owns("top", "middle", BEGAN, more="prk:share 50"), owns("middle", "chirp", BEGAN))
    assert held(store) == {("middle", "chirp")}


def test_links_that_never_held_together_give_no_control(tmp_path: Path) -> None:
    """An owner who left before the next one came controls nothing through it."""
    left = claim("2024-06-02", validFrom="2024-01-01", validUntil="2024-02-01")
    store = derived(tmp_path, DAYS, owns("top", "middle", left), owns("middle", "chirp", BEGAN))
    assert held(store) == {("top", "middle"), ("middle", "chirp")}


@pytest.mark.parametrize("vague", [False, True])
def test_circle_of_owners_comes_to_an_end(tmp_path: Path, vague: bool) -> None:
    """Three companies that own each other give each control of the other two and of their platform, and no more."""
    claims = [
        [BEGAN, claim("2024-09-02", validFrom="2024-02", inForceOn="2024-08")] if vague else [BEGAN],
        [BEGAN],
        [LATER],
    ]
    circle = [owns("top", "middle", *claims[0]), owns("middle", "low", *claims[1]), owns("low", "top", *claims[2])]
    store = derived(tmp_path, DAYS, *circle, owns("low", "chirp", BEGAN))
    companies = {"top", "middle", "low"}
    expected = {(one, other) for one in companies for other in companies if one != other}
    assert held(store) == expected | {(one, "chirp") for one in companies}
    assert len(store) < 2500


def test_company_that_owns_itself_is_no_chain(tmp_path: Path) -> None:
    """Treasury stock gives no one else anything."""
    store = derived(tmp_path, DAYS, owns("top", "top", BEGAN), owns("top", "chirp", BEGAN))
    assert held(store) == {("top", "top"), ("top", "chirp")}


def test_rules_that_never_settle_are_stopped(tmp_path: Path) -> None:
    """A rule that mints one identity after the other is stopped with a sentence instead of running for ever."""
    rule = tmp_path / "2-endless.rq"
    text = "CONSTRUCT { ?next prk:within ?place } WHERE { ?place a ?kind . BIND(?place AS ?next) } "
    endless = "CONSTRUCT { ?next a prk:Jurisdiction } WHERE { ?place a prk:Jurisdiction . BIND(IRI(CONCAT(STR(?place), '/x')) AS ?next) }"
    store = read_record([write(tmp_path, THINGS)])
    rule.write_text(text, encoding="utf-8")
    assert run_rules(store, [rule]) == len(list(store.quads_for_pattern(None, names.TYPE, None)))
    rule.write_text(endless, encoding="utf-8")
    with pytest.raises(DataError, match="did not settle within 50 rounds"):
        run_rules(store, [rule])


# Reach of a designation

KINDS = [
    ("extremist-organisation", True),
    ("extremist-list", True),
    ("terrorist-extremist-finance-list", True),
    ("landing-law-company", False),
    ("sanctions-listing", False),
    ("information-distribution-organiser", False),
    ("prohibited-content-register", False),
]
OWNED = owns("top", "middle", BEGAN) + owns("middle", "chirp", BEGAN) + owns("top", "peep", BEGAN)


@pytest.mark.parametrize(("kind", "reaches"), KINDS)
def test_designation_reaches_by_its_kind(tmp_path: Path, kind: str, reaches: bool) -> None:
    """Only kinds that put a whole company outside the law reach the platforms that it controls."""
    store = derived(tmp_path, DAYS, OWNED, designation("d", "top", LATER, kind=kind))
    assert reached(store) == ({("d/reaches/chirp", "chirp"), ("d/reaches/peep", "peep")} if reaches else set())


@pytest.mark.parametrize(("kind", "reaches"), KINDS)
def test_designation_of_a_platform_itself_reaches_by_its_kind(tmp_path: Path, kind: str, reaches: bool) -> None:
    """A platform named itself is reached without any owner, by the same kinds."""
    store = derived(tmp_path, DAYS, designation("d", "chirp", LATER, kind=kind))
    assert reached(store) == ({("d/reaches/chirp", "chirp")} if reaches else set())


def test_reach_begins_with_the_later_of_designation_and_control(tmp_path: Path) -> None:
    """A platform bought after the designation is reached from the purchase on, one sold before it never."""
    sold = claim("2024-06-02", validFrom="2024-01-01", validUntil="2024-02-01")
    store = derived(
        tmp_path, DAYS, owns("top", "chirp", LATER), owns("top", "peep", sold), designation("d", "top", BEGAN)
    )
    assert reached(store) == {("d/reaches/chirp", "chirp")}
    assert [(one.start, one.public[0]) for one in versions(store, "d/reaches/chirp")] == [(JUNE, "2024-06-02")]


def test_reach_is_pressure_and_never_more(tmp_path: Path) -> None:
    """What is derived from a designation gives the lowest level."""
    store = derived(tmp_path, DAYS, OWNED, designation("d", "top", BEGAN))
    assert values(store, "d/reaches/chirp", "effectiveLevel") == {"pressure"}
    assert values(store, "d/reaches/chirp", "appliesIn") == {"ZZ"}


def test_closed_list_limits_the_reach(tmp_path: Path) -> None:
    """A designation that names its platforms reaches those and no other, and only those that are controlled."""
    limited = designation("d", "top", BEGAN, more="prk:limitedTo prki:chirp")
    assert reached(derived(tmp_path, DAYS, OWNED, limited)) == {("d/reaches/chirp", "chirp")}
    assert reached(derived(tmp_path, DAYS, limited)) == set()


# What holds off


def test_exemption_holds_off_and_takes_nothing_away(tmp_path: Path) -> None:
    """An exemption stands beside the reach to its beneficiary, which keeps its bounds; others are not held off."""
    exempt = node("exempt", "Exemption", "prk:exempts prki:d ; prk:beneficiary prki:peep", BEGAN)
    parts = (OWNED, designation("d", "top", BEGAN))
    with_it, without = (derived(tmp_path, DAYS, *parts, *more) for more in ([exempt], []))
    assert values(with_it, "d/reaches/peep", "heldOffBy") == {"exempt"}
    assert values(with_it, "d/reaches/chirp", "heldOffBy") == set()
    assert versions(with_it, "d/reaches/peep") == versions(without, "d/reaches/peep")


def test_exemption_covers_designations_that_follow(tmp_path: Path) -> None:
    """An exemption also holds off what comes of a designation that follows the exempted one, at any distance."""
    exempt = node("exempt", "Exemption", "prk:exempts prki:d ; prk:beneficiary prki:peep", BEGAN)
    second = designation("second", "top", LATER, kind="extremist-list", more="prk:follows prki:d")
    third = designation("third", "top", LATER, kind="extremist-register", more="prk:follows prki:second")
    other = designation("other", "top", LATER, kind="extremist-register")
    store = derived(tmp_path, DAYS, OWNED, designation("d", "top", BEGAN), second, third, other, exempt)
    found = {name: values(store, f"{name}/reaches/peep", "heldOffBy") for name in ("d", "second", "third", "other")}
    assert found == {"d": {"exempt"}, "second": {"exempt"}, "third": {"exempt"}, "other": set()}


def test_exemption_does_not_cover_a_measure_that_follows(tmp_path: Path) -> None:
    """A block that followed the designation is a fact of its own, which the exemption does not hold off."""
    exempt = node("exempt", "Exemption", "prk:exempts prki:d ; prk:beneficiary prki:peep", BEGAN)
    block = measure("block", LATER, target="peep", more="prk:follows prki:d")
    store = derived(tmp_path, DAYS, OWNED, designation("d", "top", BEGAN), block, exempt)
    assert values(store, "block", "heldOffBy") == set()
    assert values(store, "block", "effectiveLevel") == {"blocked"}


def test_exemption_from_a_measure_holds_it_off_for_its_beneficiary(tmp_path: Path) -> None:
    """A platform left out of a measure is not held off elsewhere."""
    exempt = node("exempt", "Exemption", "prk:exempts prki:one , prki:two ; prk:beneficiary prki:chirp", BEGAN)
    store = derived(tmp_path, DAYS, measure("one", BEGAN), measure("two", BEGAN, target="peep"), exempt)
    assert (values(store, "one", "heldOffBy"), values(store, "two", "heldOffBy")) == ({"exempt"}, set())


@pytest.mark.parametrize("suspended", ["block", "d"])
def test_suspension_holds_off_what_it_suspends(tmp_path: Path, suspended: str) -> None:
    """A stay holds off the measure, or the designation with all that is derived from it, and nothing else."""
    stay = node("stay", "Suspension", f"prk:suspends prki:{suspended}", LATER)
    store = derived(tmp_path, DAYS, OWNED, designation("d", "top", BEGAN), measure("block", BEGAN), stay)
    found = {name for name in ("block", "d", "d/reaches/chirp", "d/reaches/peep") if values(store, name, "heldOffBy")}
    assert found == ({"block"} if suspended == "block" else {"d", "d/reaches/chirp", "d/reaches/peep"})


# Unions

UNION = """
prki:QQ a prk:Jurisdiction ; skos:prefLabel "Quorum Union"@en ; skos:notation "QQ" .
prki:YY a prk:Jurisdiction ; skos:prefLabel "Yland"@en ; skos:notation "YY" .
prki:XX a prk:Jurisdiction ; skos:prefLabel "Xland"@en ; skos:notation "XX" .
"""


def member(code: str, *claims: str, more: str = "") -> str:
    """A membership of the union."""
    fields = f"prk:member prki:{code} ; prk:union prki:QQ"
    return node(f"{code}-in-QQ", "JurisdictionMembership", f"{fields} ; {more}" if more else fields, *claims)


JOINED = claim(DAY, validFrom="1995-01-01", inForceOn="2024-03-02")
LEFT = claim(DAY, validFrom="1973-01-01", validUntil="2020-12-31")


def test_union_reaches_its_members_while_its_law_binds_them(tmp_path: Path) -> None:
    """A measure of a union applies in a member up to the day on which the law of the union bound it, and nowhere else."""
    old = claim(DAY, validFrom="2019-05-01", inForceOn="2020-03-01")
    parts = (
        UNION,
        member("ZZ", JOINED),
        member("YY", LEFT),
        measure("old", old, area="QQ"),
        measure("new", BEGAN, area="QQ"),
    )
    store = derived(tmp_path, DAYS, *parts)
    began = ("2019-05-01", "2019-05-01")
    assert known_on(store, "old/reaches/ZZ", NOW) == [(began, ("2020-03-02", OPEN_END))]
    assert known_on(store, "old/reaches/YY", NOW) == [(began, ("2020-03-02", "2020-12-31"))]
    assert known_on(store, "new/reaches/ZZ", NOW) == [(MARCH, ("2024-03-02", OPEN_END))]
    assert known_on(store, "new/reaches/YY", NOW) == known_on(store, "new/reaches/XX", NOW) == []


def test_reach_says_what_the_measure_says(tmp_path: Path) -> None:
    """The reach of a union has the kind, target, audience and level of the measure and the area of the member."""
    told = measure("m", BEGAN, area="QQ", kind="throttle", more="prk:level prkc:pressure")
    store = derived(tmp_path, DAYS, UNION, member("ZZ", JOINED), told)
    expected = {"kind": "throttle", "target": "chirp", "affects": "everyone", "level": "pressure", "appliesIn": "ZZ"}
    assert {name: values(store, "m/reaches/ZZ", name) for name in expected} == {
        name: {value} for name, value in expected.items()
    }
    assert values(store, "m/reaches/ZZ", "effectiveLevel") == {"pressure"}
    assert values(store, "m/reaches/ZZ", "slot") == {"slot/chirp/ZZ"}


def test_union_reaches_no_devices_of_members(tmp_path: Path) -> None:
    """What a union bars from the devices of its own bodies says nothing about the devices of its members."""
    own = measure("m", BEGAN, area="QQ", kind="device-ban").replace("prkc:everyone", "prkc:government-devices")
    store = derived(tmp_path, DAYS, UNION, member("ZZ", JOINED), own)
    assert values(store, "m/reaches/ZZ", "appliesIn") == set()


def test_end_on_a_day_that_nobody_knows_is_an_end(tmp_path: Path) -> None:
    """What ended some day after March has a latest end, unlike what has no end on record; so no answer presumes it."""
    ended = measure("m", BEGAN, claim("2024-06-02", validUntil="[2024-04-01..]"))
    store = derived(tmp_path, DAYS, ended, measure("n", BEGAN))
    assert known_on(store, "m", NOW) == [(MARCH, ("2024-04-01", "9999-12-30"))]
    assert known_on(store, "n", NOW) == [(MARCH, ("2024-03-02", OPEN_END))]


# Accounts that say more than the measure


def restated(store: ox.Store, field: str) -> dict[str, set[str]]:
    """What one account says beyond the measure: the derived node and its values of a field."""
    rows = store.query("SELECT ?node { ?node prk:derivedBy prki:rule-restated }", prefixes=names.PREFIXES)
    assert isinstance(rows, ox.QuerySolutions)
    found = {names.local_name(row["node"].value) for row in rows}
    return {name: values(store, name, field) for name in found}


@pytest.mark.parametrize(
    ("more", "field", "stated", "said"),
    [
        ("prk:appliesIn prki:ZZ", "appliesIn", {"ZZ-NO"}, {"ZZ"}),
        ("prk:kind prkc:full-block", "kind", {"throttle"}, {"full-block"}),
        ("prk:target prki:peep", "target", {"chirp"}, {"peep"}),
    ],
)
def test_one_account_that_says_more_is_possible(
    tmp_path: Path, more: str, field: str, stated: set[str], said: set[str]
) -> None:
    """The measure keeps what all say; what one account says beyond it never becomes certain, and is public with it."""
    wider = claim("2024-06-02", extra=more, validFrom="2024-03-01")
    store = derived(tmp_path, DAYS, measure("m", BEGAN, wider, area="ZZ-NO", kind="throttle"))
    assert values(store, "m", field) == stated
    found = restated(store, field)
    assert list(found.values()) == [said]
    name = next(iter(found))
    assert known_on(store, name, "2024-06-01") == []
    ((start, _),) = known_on(store, name, "2024-06-02")
    assert start == ("2024-03-01", OPEN_END)


def test_accounts_that_agree_restate_nothing(tmp_path: Path) -> None:
    """Without such an account nothing is derived."""
    assert restated(derived(tmp_path, DAYS, measure("m", BEGAN, LATER)), "kind") == {}


def test_stay_holds_off_what_is_restated(tmp_path: Path) -> None:
    """A stay of the measure holds off what one account says beyond it as well."""
    wider = claim("2024-06-02", extra="prk:appliesIn prki:ZZ", validFrom="2024-03-01")
    stay = node("stay", "Suspension", "prk:suspends prki:m", LATER)
    store = derived(tmp_path, DAYS, measure("m", BEGAN, wider, area="ZZ-NO"), stay)
    (name,) = restated(store, "kind")
    assert values(store, name, "heldOffBy") == {"stay"}


def test_membership_leaves_parts_out(tmp_path: Path) -> None:
    """A part of a member that the law of the union does not cover is named on the reach."""
    parts = (
        UNION,
        member("ZZ", JOINED, more="prk:excludes prki:ZZ-NO"),
        member("YY", JOINED),
        measure("m", BEGAN, area="QQ"),
    )
    store = derived(tmp_path, DAYS, *parts)
    assert values(store, "m/reaches/ZZ", "notIn") == {"ZZ-NO"}
    assert values(store, "m/reaches/YY", "notIn") == set()


def test_stay_of_a_union_measure_holds_off_its_reach(tmp_path: Path) -> None:
    """What holds off a measure of a union holds it off in every member."""
    stay = node("stay", "Suspension", "prk:suspends prki:m", LATER)
    store = derived(tmp_path, DAYS, UNION, member("ZZ", JOINED), measure("m", BEGAN, area="QQ"), stay)
    assert values(store, "m/reaches/ZZ", "heldOffBy") == {"stay"}


PREMISES = [
    ("d/reaches/chirp", lambda one, two: owns("top", "chirp", one) + designation("d", "top", two)),
    ("chirp/controlled-by/top", lambda one, two: owns("top", "middle", one) + owns("middle", "chirp", two)),
    ("m/reaches/ZZ", lambda one, two: UNION + member("ZZ", one) + measure("m", two, area="QQ")),
]


@pytest.mark.parametrize("later", [0, 1])
@pytest.mark.parametrize(("name", "record"), PREMISES, ids=[case[0] for case in PREMISES])
def test_derived_fact_is_public_once_both_premises_are(
    tmp_path: Path, name: str, record: Callable[[str, str], str], later: int
) -> None:
    """What is derived from two facts is known from the day on which the later of them was public."""
    told = [BEGAN, BEGAN]
    told[later] = claim("2024-09-02", validFrom="2024-03-01")
    store = derived(tmp_path, DAYS, record(*told))
    assert known_on(store, name, "2024-09-01") == []
    assert known_on(store, name, "2024-09-02") == [(MARCH, ("2024-03-02", OPEN_END))]


# Areas, slots and levels

LEVELS = [
    ("full-block", "", "blocked"),
    ("throttle", "", "limited"),
    ("dns-removal", "", "blocked"),
    ("dns-removal", "prk:level prkc:limited", "limited"),
    ("throttle", "prk:level prkc:blocked", "blocked"),
    ("full-block", "prk:level prkc:pressure", "pressure"),
]
RANKS = {"none": "0", "pressure": "1", "limited": "2", "withdrawn": "3", "blocked": "4"}


@pytest.mark.parametrize(("kind", "more", "level"), LEVELS)
def test_level_is_that_of_the_kind_or_its_own(tmp_path: Path, kind: str, more: str, level: str) -> None:
    """A kind gives its level unless the measure states one, and the rank goes with it."""
    store = derived(tmp_path, DAYS, measure("m", BEGAN, kind=kind, more=more))
    assert values(store, "m", "effectiveLevel") == {level}
    assert values(store, "m", "effectiveRank") == {RANKS[level]}


def test_measure_stands_in_the_slot_of_each_target_and_area(tmp_path: Path) -> None:
    """A measure of two areas stands in two slots; a withdrawal has a slot and a level of its own word."""
    withdrawal = node("w", "Withdrawal", "prk:target prki:peep ; prk:appliesIn prki:ZZ ; prk:kind prkc:service-suspension ; prk:affects prkc:everyone", BEGAN)  # fmt: skip
    store = derived(tmp_path, DAYS, measure("m", BEGAN, more="prk:appliesIn prki:ZZ-NO"), withdrawal)
    assert values(store, "m", "slot") == {"slot/chirp/ZZ", "slot/chirp/ZZ-NO"}
    assert values(store, "w", "slot") == {"slot/peep/ZZ"}
    assert values(store, "w", "effectiveLevel") == {"withdrawn"}


def test_acts_have_no_slot(tmp_path: Path) -> None:
    """A fine or a designation by itself never gives a level."""
    fine = node(
        "fine",
        "Fine",
        'prk:target prki:chirp ; prk:appliesIn prki:ZZ ; prk:amount 100 ; prk:currency "EUR"',
        claim(DAY, decided="2024-03-01"),
    )
    store = derived(tmp_path, DAYS, fine, designation("d", "chirp", BEGAN, kind="landing-law-company"))
    assert values(store, "fine", "slot") == values(store, "d", "slot") == set()


def test_cut_of_the_whole_internet_reaches_each_platform(tmp_path: Path) -> None:
    """A platform is reached through the network that carries everything, a satellite service and a class are not."""
    network = (
        'prki:net a prk:NetworkAccess ; skos:prefLabel "Net"@en ; prk:carriesEverything true .\n'
        'prki:mobile a prk:NetworkAccess ; skos:prefLabel "Mobile"@en .\n'
    )
    satellite = 'prki:sat a prk:Platform ; skos:prefLabel "Sat"@en ; prk:category prkc:satellite-internet .\n'
    store = derived(tmp_path, DAYS, network + satellite, measure("m", BEGAN, target="net"))
    assert values(store, "chirp", "reachedThrough") == {"chirp", "net"}
    assert values(store, "sat", "reachedThrough") == {"sat"}
    assert values(store, "mobile", "reachedThrough") == {"mobile"}


def test_areas_and_covers_close_over_themselves(tmp_path: Path) -> None:
    """A place lies in itself and in all that is wider; a platform is reached through itself and all that covers it."""
    parts = """
    prki:ZZ-NO-A a prk:Jurisdiction ; skos:prefLabel "A"@en ; skos:notation "ZZ-NO-A" ; prk:within prki:ZZ-NO .
    prki:vpn a prk:ServiceClass ; skos:prefLabel "VPN"@en ; prk:coveredBy prki:net .
    prki:net a prk:NetworkAccess ; skos:prefLabel "Network"@en .
    prki:chirp prk:coveredBy prki:vpn .
    """
    store = derived(tmp_path, DAYS, parts)
    assert values(store, "ZZ-NO-A", "inArea") == {"ZZ-NO-A", "ZZ-NO", "ZZ"}
    assert values(store, "ZZ", "inArea") == {"ZZ"}
    assert values(store, "chirp", "reachedThrough") == {"chirp", "vpn", "net"}
    assert values(store, "peep", "reachedThrough") == {"peep"}


# All rules together


def everything(folder: Path) -> list[Path]:
    """A record in which every rule fires."""
    folder.mkdir(parents=True, exist_ok=True)
    text = [
        *(THINGS, *map(source, DAYS), UNION, OWNED),
        *(member("ZZ", JOINED, more="prk:excludes prki:ZZ-NO"), member("YY", LEFT)),
        *(measure("m", BEGAN, area="QQ"), measure("n", BEGAN, more="prk:level prkc:limited")),
        *(designation("d", "top", BEGAN), designation("e", "chirp", LATER, more="prk:follows prki:d")),
        node("exempt", "Exemption", "prk:exempts prki:d ; prk:beneficiary prki:peep", BEGAN),
        node("spared", "Exemption", "prk:exempts prki:n ; prk:beneficiary prki:chirp", BEGAN),
        node("stay", "Suspension", "prk:suspends prki:m", LATER),
        measure("r", BEGAN, claim("2024-06-02", extra="prk:kind prkc:full-block", validFrom="2024-03-01"), kind="throttle"),
        node("lift", "Lift", "prk:lifts prki:m , prki:n", LATER, claim("2024-09-02", extra="prk:stance prkc:correction", validFrom="2024-05")),
    ]  # fmt: skip
    return [*places.vocabulary_files(), write(folder, *text)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    """The derived graph of that record."""
    return derive(everything(tmp_path_factory.mktemp("whole")))


def test_every_derived_node_names_its_rule_and_premises(whole: ox.Store) -> None:
    """Whatever a rule made leads to a declared rule and to premises that are in the graph, never to itself."""
    made = {
        quad.subject: quad.object
        for quad in whole.quads_for_pattern(None, ox.NamedNode(names.ONTOLOGY + "derivedBy"), None)
    }
    assert {names.local_name(names.text_of(rule)) for rule in made.values()} == {"rule-lift", "rule-control", "rule-control-chain", "rule-exposure", "rule-restated", "rule-union-reach"}  # fmt: skip
    for one, rule in made.items():
        assert isinstance(rule, ox.NamedNode)
        assert list(whole.quads_for_pattern(rule, names.TYPE, None))
        premises = [
            quad.object
            for quad in whole.quads_for_pattern(one, ox.NamedNode(names.PREFIXES["prov"] + "wasDerivedFrom"), None)
        ]
        assert premises
        assert one not in premises
        assert all(
            isinstance(premise, ox.NamedNode) and list(whole.quads_for_pattern(premise, None, None))
            for premise in premises
        )


def test_every_derived_state_has_a_version(whole: ox.Store) -> None:
    """A derived node that has no claims has at least one version with all six days in order of public time."""
    for kind in ("Control", "Exposure"):
        for quad in whole.quads_for_pattern(None, names.TYPE, ox.NamedNode(names.ONTOLOGY + kind)):
            assert isinstance(quad.subject, ox.NamedNode)
            found = versions(whole, names.local_name(quad.subject.value))
            assert found
            assert all(
                one.public[0] < one.public[1] and one.start[0] <= one.start[1] and one.end[0] <= one.end[1]
                for one in found
            )


def test_rules_are_at_rest_after_the_build(whole: ox.Store) -> None:
    """Running the rules again on a built graph adds nothing."""
    again = ox.Store()
    again.extend(whole)
    assert run_rules(again, places.rule_files(1)) == 0
    assert run_rules(again, places.rule_files(2)) == 0


def test_order_of_rules_never_matters(tmp_path: Path) -> None:
    """The rules of a stage reach the same graph in any order."""
    files = everything(tmp_path)
    graphs = []
    for step in (1, -1):
        store = read_record(files)
        run_rules(store, places.rule_files(1)[::step])
        add_versions(store)
        run_rules(store, places.rule_files(2)[::step])
        graphs.append(dump(store))
    assert graphs[0] == graphs[1]


def test_rules_give_the_same_in_parts_and_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking a rule only about what was derived since gives what running it whole gives, in any order, down a long chain."""
    owners = ["top", "middle", *(f"layer-{number}" for number in range(5))]
    chain = [owns(upper, lower, BEGAN) for upper, lower in pairwise([*owners, "low"])]
    layers = [f'prki:{one} a prk:Company ; skos:prefLabel "{one}"@en .' for one in owners[2:]]
    read = read_record([*everything(tmp_path / "all"), write(tmp_path / "chain", *layers, *chain)])
    graphs = []
    for share, step in product((0, 10**9), (1, -1)):
        monkeypatch.setattr(rules, "_SHARE", share)
        store = ox.Store()
        store.extend(read)
        added = run_rules(store, places.rule_files(1)[::step])
        add_versions(store)
        graphs.append((added + run_rules(store, places.rule_files(2)[::step]), dump(store)))
    assert ("top", "low") in held(store)
    assert all(graph == graphs[0] for graph in graphs)


@cache
def in_rdflib(text: bytes) -> Graph:
    """The same graph in rdflib."""
    return Graph().parse(data=text, format="nt")


def triples(result: Iterator[ox.Triple]) -> set[tuple[str, str, str]]:
    """Triples with literals by value, since engines spell datatypes of plain text in two ways."""
    return {(one.subject.value, one.predicate.value, names.text_of(one.object)) for one in result}  # type: ignore[union-attr]


@pytest.mark.parametrize("rule", [*places.rule_files(1), *places.rule_files(2)], ids=lambda rule: rule.stem)
def test_rule_gives_the_same_on_another_engine(whole: ox.Store, rule: Path) -> None:
    """Each rule is plain SPARQL: rdflib constructs the same triples as the engine of the build, and some."""
    text = rule.read_text(encoding="utf-8")
    data = whole.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    assert data is not None
    ours = whole.query(text, prefixes=names.PREFIXES)
    assert isinstance(ours, ox.QueryTriples)
    expected = triples(iter(ours))
    theirs = {(str(s), str(p), str(o)) for s, p, o in in_rdflib(data).query(text)}  # type: ignore[misc]
    assert expected
    assert theirs == expected
