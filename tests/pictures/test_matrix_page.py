"""The page of a matrix: one file that asks for nothing, is whole without scripts, and sorts and opens cells with them."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from markupsafe import escape
from test_page import HOSTILE, RECORD, Parts, hash_of

import kg
from kg.answers.records import Matrix
from kg.formats import matrix as formats
from kg.pictures.matrix import draw_matrix
from kg.pictures.scene import read

ON, NOW = "2026-03-01", "2026-11-22"
PLATFORMS = ("TikTok", "X", "WhatsApp", "Telegram")
PLACES = ("RU", "CN", "IR", "IN", "TR", "PK", "US")
MANY = (
    "TikTok",
    "X",
    "WhatsApp",
    "Telegram",
    "Facebook",
    "Instagram",
    "YouTube",
    "Signal",
    "Viber",
    "Discord",
    "LinkedIn",
)
LOADING = {"src", "href", "srcset", "action", "formaction", "data", "poster", "ping", "background", "xlink:href"}
BROWSER = shutil.which("chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=4000",
    "--enable-logging=stderr",
)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="chromium is not installed; .ci/run installs it")


def asked(platforms: tuple[str, ...] = PLATFORMS, places: tuple[str, ...] = PLACES) -> Matrix:
    return kg.open().matrix(platforms, places, on=ON, known=NOW)


@pytest.fixture(scope="module")
def page() -> str:
    return draw_matrix(asked())


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a small record whose labels, notes, locators and titles are all markup."""
    folder = tmp_path_factory.mktemp("hostile")
    record = RECORD.read_text(encoding="utf-8")
    for label in ("Chirp", "Zedland", "Example Holding", "Block of Chirp", "Data Act, section 7", "Chirp is blocked"):
        record = record.replace(f'"{label}"@en', f'"{label}{HOSTILE}\\u2028"@en')
    record = record.replace('"paragraphs 1-2"', f'"{HOSTILE}"').replace('"The two newspapers', f'"{HOSTILE}The two')
    file = folder / "record.ttl"
    file.write_text(record, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(folder / "home"))
        return draw_matrix(kg.open(data=[file]).matrix(["chirp", "peep"], ["ZZ"], on="2024-04-01", known=NOW))


def table_of(page: str) -> list[list[str]]:
    """The texts of the rows of the table, the name of the place first."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [
        [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<t[hd]\b.*?</t[hd]>", row)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    ]


def words_of(page: str) -> list[str]:
    return re.findall(r'<td [^>]*aria-label="([^"]*)"', page)


def test_each_cell_shows_the_status_of_its_pair(page: str) -> None:
    """Word and mark stand in the cell; verdict and certainty in whole words beside them."""
    answer = asked()
    assert [row[1:] for row in table_of(page)] == [
        [formats.kind(one) + formats.mark(one) for one in row] for row in answer.cells
    ]
    told = [one for row in answer.cells for one in row]
    assert [word.partition(",")[0] for word in words_of(page)] == [formats.words(one) for one in told]


def test_colour_never_stands_alone(page: str) -> None:
    """Each cell has a word or letter; cells of one look say the same word, and nothing recorded looks like no level."""
    cells = re.findall(r'<td class="c (\S+?)(?: possible)?" .*?<span class="w">(\w+|·)[~?*]?</span>', page)
    assert len(cells) == len(PLATFORMS) * len(PLACES)
    assert set(cells) <= {(f"c-{word}", word) for word in ("blocked", "withdrawn", "limited", "pressure", "ended")} | {
        ("c-none", "·")
    }


def test_what_is_possible_is_hatched(page: str) -> None:
    """Exactly the cells whose verdict is possible carry the class that the style sheet hatches."""
    hatched = re.findall(r'<td class="c \S+ possible" title="([^:]*)', page)
    possible = [one for row in asked().cells for one in row if one.certainty == "possible"]
    assert hatched == [f"{one.platform.label} in {one.jurisdiction.label} ({one.jurisdiction.id})" for one in possible]
    assert re.search(r"\.possible \{[^}]*repeating-linear-gradient", read("matrix.css"))


def test_the_palette_is_defined_once(page: str) -> None:
    """The page takes its colours from the sheet that all pictures share, and gives no level another one."""
    assert read("colours.css") in page
    assert not re.search(r"--(blocked|withdrawn|limited|pressure|ground|ink|quiet|rule):", read("matrix.css"))


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    whole = "".join(2 * one for one in digits) if len(digits) == 3 else digits
    parts = [int(whole[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("level", ["blocked", "withdrawn", "limited", "pressure"])
def test_words_can_be_read_on_their_colours(level: str, *, dark: bool) -> None:
    """The word on each level has a contrast of at least 4.5 to its colour, in light and dark."""
    light, _, night = (read("colours.css") + "\n").partition("@media")
    ours, _, ours_night = read("matrix.css").partition("@media")
    sheet, own = (night, ours_night.partition("\n")[0]) if dark else (light, ours)
    ground = _luminance(re.search(rf"--{level}: (#\w+)", sheet)[1])
    ink = _luminance(re.search(rf"--on-{level}: (#\w+)", own)[1])
    assert (max(ground, ink) + 0.05) / (min(ground, ink) + 0.05) >= 4.5


def test_the_caption_says_both_days_counts_and_record(page: str) -> None:
    """Day, public day, the number of cells of each word, and the hash of the record stand on the page."""
    assert "What is recorded for 1 March 2026, as publicly known on 22 November 2026." in page
    assert f"<code>{kg.open().info()['data_hash']}</code>" in page
    legend = dict(re.findall(r'<li><span class="c [^"]+"><span class="w">(\S+?)</span></span>.*?\((\d+)\)</li>', page))
    cells = [one for row in asked().cells for one in row]
    counted = Counter(map(formats.kind, cells)) + Counter(filter(None, map(formats.mark, cells)))
    assert {sign: int(number) for sign, number in legend.items()} == counted


def test_nothing_recorded_is_never_worded_as_free(page: str) -> None:
    """Empty cells are called nothing recorded, and the caution stands below."""
    assert "Nothing recorded does not mean not restricted" in page
    assert not re.search(r"\b(free|allowed|available|unrestricted)\b", re.sub(r'<details id="behind".*?</details>', "", page, flags=re.DOTALL).partition("<main>")[2])  # fmt: skip


def test_many_platforms_have_letters() -> None:
    """With more than ten columns a letter stands for the word, and the legend says which."""
    dense = draw_matrix(asked(MANY))
    answer = asked(MANY)
    first = {"blocked": "B", "withdrawn": "W", "limited": "L", "pressure": "P", "ended": "E", "·": "·"}
    assert [row[1:] for row in table_of(dense)] == [
        [first[formats.kind(one)] + formats.mark(one) for one in row] for row in answer.cells
    ]
    assert re.search(r'<span class="w">B</span></span> blocked \(\d+\)</li>', dense)


def test_every_cell_with_something_is_told_with_its_sources(page: str) -> None:
    """Behind each cell stand its measures; each act it names has accounts, each account numbered sources with an address."""
    keys = re.findall(r'<td [^>]*data-key="([\d-]+)"', page)
    assert keys == re.findall(r'<article data-entry="([\d-]+)"', page)
    data = Parts(page).data()
    assert list(data["acts"]) == keys
    numbers = {act for acts in data["acts"].values() for act in acts}
    assert all(data["acts"].values())
    assert numbers == set(range(1, len(data["sources"]) + 1))
    assert all(data["sources"])
    sources = page[page.index('<ol id="sources">') :]
    assert len(re.findall(r'<span class="address">\w+://', sources)) == max(max(one) for one in data["sources"])


def test_the_acts_behind_a_cell_are_those_of_its_status(page: str) -> None:
    """The list behind a cell holds the ids of the measures of that pair and no others."""
    ids = re.findall(r'<li value="\d+"><strong[^>]*>.*?</strong> <span class="quiet">[^<]*?, ([\w-]+)</span>', page)
    for row, line in enumerate(asked().cells):
        for column, one in enumerate(line):
            found = {ids[act - 1] for act in Parts(page).data()["acts"].get(f"{row}-{column}", [])}
            standings = (*one.measures, *one.held_off, *one.narrower, *one.ended)
            stated = {standing.fact.id for standing in standings if not standing.derived}
            behind = {
                fact.id
                for each in standings
                for fact in (each.fact, *each.premises, *each.held_off_by)
                if fact.accounts
            }
            assert stated <= found == behind


def test_nothing_in_the_page_asks_for_anything_outside(page: str, hostile: str) -> None:
    """No element loads, links or submits; the icon is empty data; the style sheet imports and loads nothing."""
    for one in (page, hostile):
        parts = Parts(one)
        found = [
            (tag, name, value)
            for tag, attributes in parts.elements
            for name, value in attributes.items()
            if name in LOADING
        ]
        assert found == [("link", "href", "data:,")]
        assert not any(re.search(r"@import|url\(", style) for style in parts.styles)
        assert not {"a", "iframe", "object", "embed", "img", "form", "base"} & {tag for tag, _ in parts.elements}


def test_no_element_carries_code_or_style(page: str) -> None:
    """Handlers and style attributes would be blocked by the policy, so there are none."""
    assert not [name for _, attributes in Parts(page).elements for name in attributes if name.startswith("on") or name == "style"]  # fmt: skip


def test_the_policy_allows_exactly_the_script_and_style_of_the_page(page: str, hostile: str) -> None:
    """Everything is forbidden but the page's own script and style, by hash, whatever the record says."""
    parts = Parts(page)
    policy = parts.policy()
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == ["'none'"]
    assert policy["script-src"] == [hash_of(text) for kind, text in parts.scripts if not kind]
    assert policy["style-src"] == [hash_of(text) for text in parts.styles]
    assert Parts(hostile).policy() == policy


def test_hostile_labels_stay_text(hostile: str) -> None:
    """A label that closes a script and opens an image shows as it is written, in cells, titles, lists and data."""
    parts = Parts(hostile)
    assert not [tag for tag, _ in parts.elements if tag == "img"]
    assert "<img" not in hostile
    assert hostile.count("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;") > 5
    assert [kind for kind, _ in parts.scripts] == ["application/json", ""]
    assert any(HOSTILE in attributes.get("title", "") for _, attributes in parts.elements)
    assert not set("<>&\u2028") & set(next(text for kind, text in parts.scripts if kind == "application/json"))


def test_the_same_record_gives_the_same_page(page: str) -> None:
    """Drawn again, the page is the same to the byte."""
    assert draw_matrix(asked()) == page


def test_the_page_goes_through_a_mail_gateway(page: str) -> None:
    """A matrix of seven by four with everything behind it stays under 150 kB."""
    assert len(page.encode()) < 150_000


def test_a_matrix_with_nothing_is_drawn() -> None:
    """Where no cell holds anything the table stands alone, with its caution."""
    empty = draw_matrix(kg.open().matrix(["MAX"], ["CH"], on="1999-01-01", known=NOW))
    assert table_of(empty) == [["Switzerland CH", "·"]]
    assert "<details" not in empty


def browse(page: str, folder: Path, *more: str, script: str = "") -> tuple[str, str]:
    """What the browser made of a page (DOM) and what it printed; a script of the test is added to the policy."""
    if script:
        policy = next(at["content"] for _, at in Parts(page).elements if at.get("http-equiv"))
        wider = policy.replace("script-src ", f"script-src {hash_of(script)} ")
        page = page.replace(escape(policy), escape(wider)).replace("</body>", f"<script>{script}</script></body>")
    file = folder / "m.html"
    file.write_text(page, encoding="utf-8")
    assert BROWSER is not None
    done = subprocess.run(
        [BROWSER, *FLAGS, *more, f"--user-data-dir={folder / 'profile'}", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, timeout=120, check=True, env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip
    return done.stdout, done.stderr


def complaints(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if "CONSOLE" in line]


@needs_browser
def test_the_browser_complains_of_nothing_and_asks_for_nothing(page: str, tmp_path: Path) -> None:
    """The script runs under the policy with a silent console, and none of the hosts of the sources is looked up."""
    log = tmp_path / "net.json"
    dom, printed = browse(page, tmp_path, f"--log-net-log={log}", "--net-log-capture-mode=Everything")
    assert complaints(printed) == []
    assert dom.count('<button type="button" dir="auto">') == 1 + len(PLATFORMS)
    events = json.dumps([event.get("params") for event in json.loads(log.read_text(encoding="utf-8"))["events"]])
    hosts = {one.url.split("/")[2] for row in asked().cells for cell in row for one in cell.sources}
    assert hosts
    assert [host for host in hosts if host in events] == []


@needs_browser
def test_a_heading_sorts_and_the_first_order_comes_back(page: str, tmp_path: Path) -> None:
    """A platform's heading puts the severest first, again the other way; that of the places sorts by name."""
    script = """
    const names = () => Array.from(document.querySelectorAll("tbody th"), (one) => one.textContent.trim().slice(-2)).join(",");
    const heads = document.querySelectorAll("thead button");
    const seen = [names()];
    for (const column of [2, 2, 0, 0]) { heads[column].click(); seen.push(names() + " " + document.querySelectorAll("[aria-sort]").length); }
    document.getElementById("again").click();
    seen.push(names());
    document.title = JSON.stringify(seen);
    """
    dom, printed = browse(page, tmp_path, script=script)
    assert complaints(printed) == []
    first, down, up, name, back, again = json.loads(html.unescape(re.search(r"<title>(.*?)</title>", dom)[1]))
    assert first == again == ",".join(PLACES)
    assert (down, up) == ("IR,CN,RU,IN,PK,TR,US 1", "PK,TR,US,IN,CN,RU,IR 1")
    assert (name, back) == ("CN,IN,IR,PK,RU,TR,US 1", "US,TR,RU,PK,IR,IN,CN 1")


@needs_browser
def test_a_cell_opens_by_click_and_by_key(page: str, tmp_path: Path) -> None:
    """Click or Enter shows the measures and sources of a cell below the table; arrows move; Escape closes."""
    script = """
    const panel = document.getElementById("panel");
    const cell = (key) => document.querySelector(`td[data-key="${key}"]`);
    const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const told = () => [panel.hidden, panel.querySelector("h3") && panel.querySelector("h3").textContent, panel.querySelectorAll("ol:last-child .address").length];
    const seen = [told()];
    cell("0-2").click();
    seen.push(told());
    press("Escape");
    seen.push(panel.hidden);
    press("ArrowRight");
    press("Enter");
    seen.push(told());
    press("ArrowDown");
    seen.push(document.activeElement.title.split(":")[0]);
    document.title = JSON.stringify(seen);
    """
    dom, printed = browse(page, tmp_path, script=script)
    assert complaints(printed) == []
    before, clicked, closed, entered, below = json.loads(html.unescape(re.search(r"<title>(.*?)</title>", dom)[1]))
    assert before == [True, None, 0]
    assert clicked[:2] == [False, "WhatsApp in Russia (RU): blocked (presumed)"]
    data = Parts(page).data()
    assert clicked[2] == len({one for act in data["acts"]["0-2"] for one in data["sources"][act - 1]}) > 5
    assert closed is True
    assert entered[:2] == [False, "Telegram in Russia (RU): limited (definite)"]
    assert below == "Telegram in China (CN)"


@needs_browser
def test_hostile_labels_run_nothing_in_a_browser(hostile: str, tmp_path: Path) -> None:
    """Opening a cell with hostile labels shows them as text; no image comes into being and nothing is refused."""
    dom, printed = browse(hostile, tmp_path, script='document.querySelector("td[data-key]").click();')
    assert complaints(printed) == []
    assert "<img" not in dom
    assert 'id="panel-body"><article>' in dom


@needs_browser
def test_without_scripts_all_is_there(page: str, tmp_path: Path) -> None:
    """Where no script may run the table, what stands behind each cell and the addresses of the sources are shown."""
    dom, _ = browse(re.sub(r"script-src [^;]+;", "script-src &#39;none&#39;;", page, count=1), tmp_path)
    assert table_of(dom) == table_of(page)
    assert '<details id="behind" open' in dom
    assert '<p id="tools" hidden' in dom
    assert "<button" not in dom[dom.index("<thead>") : dom.index("</thead>")]
    assert dom.count('class="address"') == page.count('class="address"')
