"""The map: its shapes, the level that each country shows, earlier days, and the files themselves."""

from __future__ import annotations

import html
import json
import math
import os
import re
import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pycountry
import pytest
from test_page import HOSTILE, RECORD, Parts, hash_of

import kg
from kg.answers.spread import Spread
from kg.errors import UnknownName, UsageError
from kg.names import thing
from kg.pictures import map_scene as scene
from kg.pictures.map import draw_map
from kg.pictures.map_shapes import dots, hatching, inside, world
from kg.pictures.map_still import draw_map_svg
from kg.pictures.telling import printed_day

ON, NOW = "2026-03-01", "2026-11-22"
DAY, LOOK, WORDS, SINCE, PLATFORMS = range(5)
SVG = "{http://www.w3.org/2000/svg}"
LEVELS = [
    ("WhatsApp", "RU", ON, "blocked"),
    ("WhatsApp", "RU", "2025-09-01", "limited"),
    ("WhatsApp", "SA", ON, "limited possible"),
    ("WhatsApp", "TM", "2010-03-01", "blocked possible"),
    ("WhatsApp", "US", ON, "nothing"),
    ("WhatsApp", "MX", ON, "unseen"),
    ("TikTok", "HK", ON, "withdrawn"),
    ("TikTok", "RU", ON, "limited"),
    ("TikTok", "FR", ON, "nothing"),
    ("Telegram", "RU", "2020-06-18", "nothing"),
    ("Threads", "RU", "2023-08-01", "pressure"),
]
BROWSER = shutil.which("chromium")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--virtual-time-budget=4000", "--enable-logging=stderr")  # fmt: skip
needs_browser = pytest.mark.skipif(BROWSER is None, reason="chromium is not installed; .ci/run installs it")


@cache
def asked(name: str | None = "WhatsApp", **more: str) -> Spread:
    """What a map shows; it cannot be changed, so tests of the same map share it."""
    return scene.gather(kg.open(), name, **{"on": ON, "known": NOW, **more})


@pytest.fixture(scope="module")
def whatsapp() -> Spread:
    return asked()


@pytest.fixture(scope="module")
def page(whatsapp: Spread) -> str:
    return draw_map(whatsapp)


def data_of(page: str) -> dict[str, list[list[object]]]:
    """What the page holds about each place, with its texts in place."""
    data = Parts(page).data()
    return {
        code: [
            [one if place in {DAY, 7} else data["texts"][one] for place, one in enumerate(moment)] for moment in moments
        ]
        for code, moments in data["places"].items()
    }


def classes_of(text: str) -> dict[str, str]:
    """The classes of the countries that a drawing names, by code."""
    return {code: look for look, code in re.findall(r'<g class="j ([^"]+)" data-code="([^"]+)"', text)}


def project(lon: float, lat: float) -> tuple[float, float]:
    """Equal Earth around 11 degrees east, in units of the file: worked out here again, from its published polynomial."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796

    def plane(lon: float, lat: float) -> tuple[float, float]:
        t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
        slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
        return 2 * math.sqrt(3) * math.radians(lon - 11) * math.cos(t) / (3 * slope), t * (
            a1 + a2 * t**2 + a3 * t**6 + a4 * t**8
        )

    scale = 1000 / plane(191, 0)[0]
    x, y = plane(lon, lat)
    return 1000 + x * scale, (plane(11, 83.7)[1] - y) * scale


def owners(lon: float, lat: float) -> list[str]:
    """The codes whose land holds a point of the globe."""
    point = project(lon, lat)
    return [code for code, shape in world()["shapes"].items() if "d" in shape and inside(point, shape["d"])]


def test_every_jurisdiction_has_a_place_on_the_map() -> None:
    """Every id of the record that is an ISO 3166-1 code has a shape or a point, and so has every code there is."""
    codes = {one.alpha_2 for one in pycountry.countries}
    ids = {one.thing.id for one in kg.open().list("jurisdictions")} & codes
    shapes = world()["shapes"]
    assert len(ids) > 200
    assert ids | codes <= set(shapes)
    assert all(len(one["at"]) == 2 and ("d" in one or "small" in one) for one in shapes.values())


def test_points_lie_on_the_map_and_in_their_land() -> None:
    """Every point is within the drawing; that of a country with land of some size is inside it."""
    width, height = world()["size"]
    for code, shape in world()["shapes"].items():
        x, y = shape["at"]
        assert 0 <= x <= width, code
        assert 0 <= y <= height, code
        assert "small" in shape or inside((x + 0.01, y + 0.01), shape["d"]), code


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (34.2, 45.2, "UA"), (33.8, 44.8, "UA"), (37.6, 55.7, "RU"), (185.0, 66.5, "RU"), (20.8, 54.7, "RU"), (35.8, 33.0, "SY"), (36.2, 33.4, "SY"), (35.0, 31.0, "IL"), (34.38, 31.42, "PS"), (35.2, 32.0, "PS"), (-14.5, 24.0, "EH"),
        (-12.5, 26.5, "EH"), (-9.5, 26.8, "EH"), (-8.5, 31.0, "MA"), (33.0, 34.95, "CY"), (33.6, 35.25, "CY"), (45.0, 9.6, "SO"), (121.0, 23.8, "TW"),
        (21.0, 42.6, "XK"), (-53.0, 4.0, "GF"), (17.0, 79.2, "SJ"), (2.5, 47.0, "FR"), (46.0, -20.0, "MG"), (-98.0, 39.0, "US"), (-150.0, 65.0, "US"),
    ],
)  # fmt: skip
def test_land_belongs_to_the_code_that_the_united_nations_say(lon: float, lat: float, code: str) -> None:
    """Crimea lies in Ukraine and not in Russia, Western Sahara on its own, the Golan in Syria; each spot in one country."""
    assert owners(lon, lat) == [code]


def test_lines_of_control_are_drawn_apart(page: str) -> None:
    """Dashed lines are in the drawing, one of them across the neck of Crimea, and the caption names Crimea as occupied."""
    path = world()["lines"]
    points = []
    for across, down in re.findall(r"(-?\d+) ?(-?\d+)", path):
        x, y = points[-1] if points else (0, 0)
        points.append((x + int(across), y + int(down)))
    assert path in page
    neck = project(33.7, 46.15)
    assert path.count("m") >= 3
    assert min(math.dist(one, neck) for one in points) < 6
    assert "Crimea (occupied by Russia) is drawn in Ukraine" in page
    assert "stroke-dasharray" in re.search(r"\.control \{[^}]*\}", page)[0]


def test_the_file_of_shapes_is_small() -> None:
    """It stays under 60 kB, so that it can be part of the package."""
    import kg.pictures

    assert (Path(kg.pictures.__file__).parent / "world.json").stat().st_size < 60_000


def test_hatching_and_dots_stay_inside() -> None:
    """The middle of every hatching line and every dot of a country with a hole and islands lies in it."""
    path = world()["shapes"]["ZA"]["d"]
    x = y = 0.0
    for kind, steps in re.findall(r"([Mml])([-\d ]+)", hatching(path)):
        across, down = map(int, re.findall(r"-?\d+", steps))
        if kind == "l":
            assert inside((x + across / 2 + 0.01, y + down / 2 + 0.51), path)
        x, y = x + across, y + down
    spots = re.findall(r"([Mm])(-?\d+) ?(-?\d+)h0", dots(path))
    assert len(spots) > 10
    x = y = 0.0
    for _, across, down in spots:
        x, y = x + int(across), y + int(down)
        assert inside((x + 0.01, y + 0.5), path)


@cache
def drawn(name: str, on: str) -> tuple[dict[str, str], dict[str, str]]:
    found = asked(name, on=on)
    return classes_of(draw_map(found)), classes_of(draw_map_svg(found))


@pytest.mark.parametrize(("name", "code", "on", "look"), LEVELS)
def test_a_country_shows_its_status(name: str, code: str, on: str, look: str) -> None:
    """The class of a country is the level and certainty of ``graph.status``, in the page and in the drawing."""
    answer = kg.open().status(name, code, on=on, known=NOW)
    level = answer.level if answer.level != "none" else look if look == "unseen" else "nothing"
    assert look == level + (" possible" if answer.certainty == "possible" else "")
    for classes in drawn(name, on):
        assert classes.get(code, "unseen") == look


def test_every_place_shows_its_status(whatsapp: Spread) -> None:
    """All places of the map and the table together have the answers that each gets alone."""
    graph = kg.open()
    for place in whatsapp.places:
        if place.covered:
            answer = graph.status("WhatsApp", place.ref.id, on=ON, known=NOW)
            head = place.now.head
            shown = (head.level, head.certainty, head.since) if head else ("none", None, None)
            assert shown == (answer.level, answer.certainty, answer.since)
            assert scene.words(place.now).startswith(answer.verdict)


@pytest.mark.parametrize("name", ["WhatsApp", "TikTok"])
def test_earlier_days_agree_with_status(name: str) -> None:
    """On the days of change, and on the days before and after them, the page says what ``graph.status`` says."""
    from kg.dates import day_before, next_day, parse_day

    graph = kg.open()
    places = data_of(draw_map(asked(name)))
    some = {code: moments for code, moments in places.items() if len(moments) > 1}
    assert len(some) > 20
    for code in sorted(some)[::4]:
        for day in {
            each for moment in some[code][1:] for each in _around(moment[DAY], day_before, next_day, parse_day)
        }:
            if some[code][0][DAY] <= day <= ON:
                held = [moment for moment in some[code] if moment[DAY] <= day][-1]
                answer = graph.status(name, code, on=day, known=NOW)
                level = (
                    "nothing"
                    if answer.level == "none"
                    else answer.level + (" possible" if answer.certainty == "possible" else "")
                )
                assert (held[LOOK], held[WORDS].split(" (")[0]) == (level, answer.verdict), (code, day)


def _around(day, before, after, parse) -> list[str]:  # noqa: ANN001
    there = parse(day)
    return [one.isoformat() for one in (before(there), there, after(there))]


def test_a_stay_of_a_measure_changes_earlier_days() -> None:
    """Where a court stayed an order, the days before and after the stay differ as the statuses do."""
    graph = kg.open()
    places = {place.ref.id: place for place in asked("WhatsApp").places}
    for moment in places["ZM"].moments:
        answer = graph.status("WhatsApp", "ZM", on=moment.day, known=NOW)
        assert (moment.head.level if moment.head else "none", bool(moment.answers and moment.answers[0].held_off)) == (
            answer.level,
            bool(answer.held_off),
        )


def test_each_pair_may_have_a_day_of_its_own() -> None:
    """Statuses of several pairs on several days, asked together, are those that each gets alone."""
    from kg.answers.status import statuses
    from kg.dates import parse_day

    graph = kg.open()
    asked_for = [("whatsapp", "RU", "2025-09-01"), ("tiktok", "IN", "2020-07-01"), ("whatsapp", "BR", "2016-05-02")]
    pairs = [(thing(platform), thing(place)) for platform, place, _ in asked_for]
    found = statuses(graph.store, pairs, [parse_day(day) for _, _, day in asked_for], parse_day(NOW))
    assert found == [graph.status(platform, place, on=day, known=NOW) for platform, place, day in asked_for]


def test_nobody_looked_is_not_nothing_recorded(page: str, whatsapp: Spread) -> None:
    """Both have classes and words of their own: dots and no fill for the one, a plain fill for the other."""
    looks = Counter(re.findall(r'<g class="j (\w+)', page))
    assert looks["unseen"] > 100
    assert looks["nothing"] > 80
    assert "Mexico (MX): nobody looked" in page
    assert "India (IN): nothing recorded" in page
    unseen = next(one for one in scene.figures(whatsapp, history=True) if one["code"] == "MX")
    plain = next(one for one in scene.figures(whatsapp, history=True) if one["code"] == "IN")
    assert (bool(unseen["dots"]), bool(plain["dots"])) == (True, False)
    assert all(words in page for words in scene.MEANINGS.values())


def test_parts_and_groups_do_not_colour_a_country() -> None:
    """A measure for government devices or in a region gives a mark with a word and a row, and no level."""
    found = asked("TikTok")
    marks = {one["code"]: one["word"] for one in scene.marks(found, history=False)}
    page = draw_map(found)
    assert (classes_of(page)["CA"], marks["CA"], marks["US"], marks["GQ"]) == (
        "nothing",
        "group",
        "part, group",
        "part",
    )
    row = re.search(r'<tr data-row="CA">.*?</tr>', page, re.DOTALL)[0]
    assert "blocked (presumed) for government devices" in row


def test_a_union_reaches_its_members() -> None:
    """A member that has no record of its own is covered by the union's, and says so; it is not one at which nobody looked."""
    places = {place.ref.id: place for place in asked().places}
    assert (places["PT"].covered, places["FR"].covered, places["MX"].covered) == ("wider", "own", "")
    assert scene.look(places["PT"], places["PT"].now) == "nothing"


def test_several_platforms_show_the_severest_and_say_which() -> None:
    """Of a company each country has the level of its severest platform, with the names of those that share it."""
    found = asked("Meta")
    graph = kg.open()
    order = ("none", "pressure", "limited", "withdrawn", "blocked")
    assert {one.id for one in found.platforms} >= {"facebook", "instagram", "whatsapp"}
    for code in ("RU", "CN", "IR", "US", "QA"):
        place = next(one for one in found.places if one.ref.id == code)
        alone = {one.label: graph.status(one.id, code, on=ON, known=NOW) for one in found.platforms}
        top = max((one.level for one in alone.values()), key=order.index)
        assert (place.now.head.level if place.now.head else "none") == top
        assert {one.label for one in place.now.same} == {
            name for name, one in alone.items() if one.level == top != "none"
        }
        if place.now.head and place.now.head.since:
            whose = f" ({place.now.head.platform.label})" if len(place.now.same) > 1 else ""
            assert scene.since(place.now) == printed_day(alone[place.now.head.platform.label].since or "") + whose


def test_a_category_is_all_its_platforms() -> None:
    """The map of a category has the same levels as the matrix of it."""
    found = asked(None, category="game")
    matrix = kg.open().matrix(category="game", on=ON, known=NOW)
    order = ("none", "pressure", "limited", "withdrawn", "blocked")
    tops = {
        place.id: max((one.level for one in row), key=order.index)
        for place, row in zip(matrix.jurisdictions, matrix.cells, strict=True)
    }
    shown = {place.ref.id: place.now.head.level if place.now.head else "none" for place in found.places}
    assert {code: shown[code] for code in tops} == tops


def test_the_sentence_counts_what_is_drawn(page: str, whatsapp: Spread) -> None:
    """Numbers of the sentence are those of the countries of each class."""
    looks = Counter(look for code, look in classes_of(page).items())
    told = html.unescape(re.search(r'id="count"[^>]*>([^<]*)', page)[1])
    assert told == scene.sentence(looks, sum(looks.values())) == scene.count(whatsapp)
    assert told.startswith(f"Blocked in {looks['blocked']} of {sum(looks.values())} recorded jurisdictions")


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ({"nothing": 4}, "Nothing is recorded for that day in any of 4 recorded jurisdictions, which does not mean: not restricted."),
        ({"limited possible": 1, "nothing": 3}, "Possibly limited in 1 of 4 recorded jurisdictions; in 3 nothing is recorded for that day, which does not mean: not restricted."),
    ],
)  # fmt: skip
def test_the_sentence_of_few(numbers: dict[str, int], told: str) -> None:
    """Nothing recorded is never told as not restricted."""
    assert scene.sentence(Counter(numbers), 4) == told


def test_the_page_asks_for_nothing(page: str) -> None:
    """No element can load or link anything, nothing is referred to by an address, and the policy allows only its own parts."""
    parts = Parts(page)
    assert "url(" not in page
    assert [
        (tag, name)
        for tag, at in parts.elements
        for name in at
        if name in {"src", "srcset", "action"} or (name == "href" and at[name] != "data:,")
    ] == []
    scripts = [text for kind, text in parts.scripts if kind != "application/json"]
    assert parts.policy()["default-src"] == ["'none'"]
    assert parts.policy()["script-src"] == [hash_of(text) for text in scripts]
    assert parts.policy()["style-src"] == [hash_of(text) for text in parts.styles]


def test_the_table_is_whole_without_scripts(page: str, whatsapp: Spread) -> None:
    """Every covered jurisdiction has a row, unions included, and every source behind the day asked about is printed."""
    rows = set(re.findall(r'<tr data-row="([^"]+)"', page))
    assert rows == {place.ref.id for place in whatsapp.places if place.covered}
    assert "EU" in rows
    text = html.unescape(page)
    for one in kg.open().status("WhatsApp", "RU", on=ON, known=NOW).sources:
        assert one.url in text


def test_a_drawing_needs_no_history(whatsapp: Spread) -> None:
    """Asked for one day alone, the answers give the same drawing, byte for byte."""
    alone = scene.gather(kg.open(), "WhatsApp", on=ON, known=NOW, history=False)
    assert {len(place.moments) for place in alone.places} == {1}
    assert draw_map_svg(alone) == draw_map_svg(whatsapp)


def test_sizes(page: str, whatsapp: Spread) -> None:
    """The page of a platform with a long record stays under 250 kB, its drawing under 90 kB."""
    assert len(page.encode()) < 250_000
    assert len(draw_map_svg(whatsapp).encode()) < 90_000


def test_the_drawing_stands_alone(whatsapp: Spread) -> None:
    """It is well-formed, with a title, fixed colours, no variable and no address, and names what the colours show."""
    text = draw_map_svg(whatsapp)
    root = ET.fromstring(text)  # noqa: S314  our own text
    assert root.find(f"{SVG}title").text == "Recorded restrictions of WhatsApp"
    assert "var(" not in text
    assert "url(" not in text
    assert "href" not in text
    assert "Blocked (presumed): " in text
    assert "Crimea (occupied by Russia)" in "".join(root.itertext()).replace("\n", " ")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Spread:
    """The map of a small record whose labels are all markup, in a country that has no shape."""
    folder = tmp_path_factory.mktemp("hostile")
    record = RECORD.read_text(encoding="utf-8")
    for label in ("Chirp", "Zedland", "Example Holding", "Block of Chirp"):
        record = record.replace(f'"{label}"@en', f'"{label}{HOSTILE}\\u2028"@en')
    file = folder / "record.ttl"
    file.write_text(record, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(folder / "home"))
        return scene.gather(kg.open(data=[file]), "chirp", on="2024-04-01", known=NOW)


def test_text_of_the_record_is_never_markup(hostile: Spread) -> None:
    """Labels that are markup stay text, in the page, in its data and in the drawing."""
    for text in (draw_map(hostile), draw_map_svg(hostile)):
        assert HOSTILE not in text
        assert "<img" not in text
    assert [tag for tag, _ in Parts(draw_map(hostile)).elements if tag == "img"] == []
    assert [one.ref.id for one in hostile.places if one.covered] == ["ZZ"]


@pytest.mark.parametrize(
    ("name", "more", "error", "told"),
    [
        ("WhatsUp", {}, UnknownName, "did you mean"),
        (None, {}, UsageError, "name one platform or company"),
        ("WhatsApp", {"category": "messenger"}, UsageError, "not both"),
        (None, {"category": "mesenger"}, UsageError, "mesenger"),
        ("Roskomnadzor", {}, UnknownName, "is no platform or company"),
        ("WhatsApp", {"on": "March"}, UsageError, "is not a day"),
    ],
)
def test_mistakes_get_a_sentence(name: str | None, more: dict[str, str], error: type[Exception], told: str) -> None:
    """What cannot be drawn is said in one sentence."""
    with pytest.raises(error, match=told):
        asked(name, **more)


def test_what_became_public_later_is_not_shown() -> None:
    """With ``known`` the map shows what was public then."""
    early = asked("WhatsApp", known="2025-06-01")
    answer = kg.open().status("WhatsApp", "RU", on=ON, known="2025-06-01")
    place = next(one for one in early.places if one.ref.id == "RU")
    assert answer.level != "blocked"
    assert (place.now.head.level if place.now.head else "none") == answer.level


@pytest.fixture(scope="module")
def opened(page: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    """What a browser made of the page at an earlier day with Russia chosen, what it printed, and its net log."""
    folder = tmp_path_factory.mktemp("map-browser")
    file, log = folder / "map.html", folder / "net.json"
    file.write_text(page, encoding="utf-8")
    assert BROWSER is not None
    command = [BROWSER, *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}", "--net-log-capture-mode=Everything", "--dump-dom",
               f"{file.as_uri()}#day=2025-09-01&in=RU"]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=True, env={**os.environ, "HOME": str(folder)}
    )
    return done.stdout, done.stderr, log.read_text(encoding="utf-8")


@needs_browser
def test_a_permalink_restores_day_and_country(opened: tuple[str, str, str]) -> None:
    """Colours, sentence and panel are those of the day in the address, from a file."""
    dom = opened[0]
    early = asked(on="2025-09-01")
    assert "limited chosen" in classes_of(dom)["RU"]
    looks = {code: look.removesuffix(" chosen") for code, look in classes_of(dom).items()}
    assert looks == classes_of(draw_map(early))
    assert html.unescape(re.search(r'id="count"[^>]*>([^<]*)', dom)[1]) == scene.count(early)
    assert 'id="day">1 September 2025<' in dom
    panel = dom[dom.index('id="panel-body"') :]
    assert "WhatsApp voice calls partly cut in Russia" in panel
    assert "limited (presumed)" in panel


ACTS = """
const told = [], one = (id) => document.getElementById(id);
const key = (target, name) => target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
const note = () => told.push([one("panel").hidden ? "" : one("panel-body").firstElementChild.textContent, one("day").textContent, location.hash].join("|"));
const steps = [
  () => key(document.querySelector("#map [data-code=RU]"), "Enter"),
  () => key(one("when"), "ArrowLeft"),
  () => one("after").click(),
  () => key(document.body, "Escape"),
  () => { one("find").value = "naur"; one("find").dispatchEvent(new Event("change")); },
  () => document.querySelector("[data-row=QA] button").click(),
  () => document.querySelector("#map [data-code=IR]").dispatchEvent(new MouseEvent("click", { bubbles: true })),
  () => document.querySelectorAll("thead button")[0].click(),
];
for (const step of steps) { step(); note(); }
told.push(Array.from(document.querySelectorAll("tbody tr")).slice(0, 3).map((row) => row.dataset.row).join());
document.title = JSON.stringify(told);
"""
DONE = [
    "Russia (RU)|1 March 2026|#in=RU",
    "Russia (RU)|28 February 2026|#day=2026-02-28&in=RU",
    "Russia (RU)|1 March 2026|#in=RU",
    "|1 March 2026|",
    "Nauru (NR)|1 March 2026|#in=NR",
    "Qatar (QA)|1 March 2026|#in=QA",
    "Iran (IR)|1 March 2026|#in=IR",
    "Iran (IR)|1 March 2026|#in=IR",
    "AF,AL,DZ",
]


@needs_browser
def test_keys_search_rows_and_headings_work(page: str, tmp_path: Path) -> None:
    """Enter and a click open a country, arrows go to the day of the next change, Escape closes, names are found, headings sort."""
    file = tmp_path / "map.html"
    free = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    file.write_text(free.replace("</body>", f"<script>{ACTS}</script></body>"), encoding="utf-8")
    assert BROWSER is not None
    command = [BROWSER, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", file.as_uri()]
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, env=environment)
    assert json.loads(html.unescape(re.search(r"<title>(\[.*?)</title>", done.stdout)[1])) == DONE


@needs_browser
def test_the_browser_stays_silent_and_alone(opened: tuple[str, str, str]) -> None:
    """No script failed, nothing was refused, and no source was looked up."""
    assert [line for line in opened[1].splitlines() if "CONSOLE" in line] == []
    hosts = {one.url.split("/")[2] for one in kg.open().status("WhatsApp", "RU", on=ON, known=NOW).sources}
    events = json.dumps([event.get("params") for event in json.loads(opened[2])["events"]])
    assert hosts
    assert [host for host in hosts if host in events] == []
