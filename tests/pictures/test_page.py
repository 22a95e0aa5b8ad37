from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import kg
from kg.errors import UnknownName
from kg.pictures.gathering import followable
from kg.pictures.layout import LINE, Wire, arrange, wide, wrap
from kg.pictures.page import draw_page
from kg.pictures.scene import badges, set_scene

ON = "2026-11-22"
HOSTILE = "</script><img src=x onerror=alert(1)>"
RECORD = Path(__file__).resolve().parents[1] / "fixtures" / "valid" / "base.ttl"


class Parts(HTMLParser):
    """Takes a page apart: its elements with their attributes, scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[tuple[str, str]] = []
        self.styles: list[str] = []
        self._open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, and that a script or style begins."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._open = tag
        if tag == "script":
            self.scripts.append((dict(attrs).get("type") or "", ""))
        if tag == "style":
            self.styles.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, _tag: str) -> None:
        """Note that text no longer belongs to a script or style."""
        self._open = ""

    def handle_data(self, data: str) -> None:
        """Collect the text of scripts and styles."""
        if self._open == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        if self._open == "style":
            self.styles[-1] += data

    def policy(self) -> dict[str, list[str]]:
        """The content security policy, by directive."""
        content = next(
            at["content"]
            for tag, at in self.elements
            if tag == "meta" and at.get("http-equiv") == "Content-Security-Policy"
        )
        return {part.split()[0]: part.split()[1:] for part in content.split(";")}

    def data(self) -> dict[str, dict[str, object]]:
        """What the page hands to its script."""
        return json.loads(next(text for kind, text in self.scripts if kind == "application/json"))


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.fixture(scope="module")
def page() -> str:
    return draw_page(kg.open(), ["WhatsApp"], "RU", on=ON, known=ON)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a small record whose labels, notes, locators and titles are all markup."""
    folder = tmp_path_factory.mktemp("hostile")
    record = RECORD.read_text(encoding="utf-8")
    for label in ("Chirp", "Example Holding", "Block of Chirp", "Data Act, section 7", "Chirp is blocked"):
        record = record.replace(f'"{label}"@en', f'"{label}{HOSTILE}\\u2028"@en')
    record = record.replace('"paragraphs 1-2"', f'"{HOSTILE}"').replace(
        '"The two newspapers differ', f'"{HOSTILE}The two'
    )
    file = folder / "record.ttl"
    file.write_text(record, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(folder / "home"))
        return draw_page(kg.open(data=[file]), ["chirp"], "ZZ", on=ON, known=ON)


def test_nothing_in_the_page_asks_for_anything_outside(page: str) -> None:
    """No element loads, links or submits; the icon is empty data; style sheets import and load nothing."""
    parts = Parts(page)
    loading = {"src", "href", "srcset", "action", "formaction", "data", "poster", "ping", "background", "xlink:href"}
    found = [
        (tag, name, value)
        for tag, attributes in parts.elements
        for name, value in attributes.items()
        if name in loading
    ]
    assert found == [("link", "href", "data:,")]
    assert not any(re.search(r"@import|url\(", style) for style in parts.styles)
    assert not {"a", "iframe", "object", "embed", "img", "form", "base"} & {tag for tag, _ in parts.elements}
    assert "sourceMappingURL" not in page


def test_the_policy_allows_exactly_the_scripts_and_styles_of_the_page(page: str) -> None:
    """Everything is forbidden but the page's own scripts and styles, by hash."""
    parts = Parts(page)
    policy = parts.policy()
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == ["'none'"]
    assert policy["script-src"] == [hash_of(text) for kind, text in parts.scripts if not kind]
    assert policy["style-src"] == [hash_of(text) for text in parts.styles]


def test_no_element_carries_code_or_style(page: str) -> None:
    """Handlers and style attributes would be blocked by the policy, so there are none."""
    assert not [
        name
        for _, attributes in Parts(page).elements
        for name in attributes
        if name.startswith("on") or name == "style"
    ]


def test_the_head_says_what_a_page_must(page: str) -> None:
    """Language, title, viewport and referrer policy are set."""
    parts = Parts(page)
    assert ("html", {"lang": "en"}) in parts.elements
    assert ("meta", {"name": "referrer", "content": "no-referrer"}) in parts.elements
    assert any(attributes.get("name") == "viewport" for _, attributes in parts.elements)
    assert "<title>WhatsApp in Russia</title>" in page


def test_the_page_stays_small(page: str) -> None:
    """The picture of WhatsApp in Russia goes through a mail gateway: under 700 kB."""
    assert len(page.encode()) < 700_000


def test_ids_in_the_drawing_are_opaque(page: str) -> None:
    """Nodes and edges are numbered; no name of the record becomes an id or a key."""
    data = Parts(page).data()
    assert all(re.fullmatch(r"n\d+|e\d+p\d+", node["id"]) for node in data["nodes"])
    assert all(re.fullmatch(r"e\d+s\d+", edge["id"]) for edge in data["edges"])
    assert all(re.fullmatch(r"n\d+", key) for key in data["things"])


def test_nothing_moves(page: str) -> None:
    """Physics is off and every node has its place."""
    data = Parts(page).data()
    assert data["options"]["physics"] == {"enabled": False}
    assert all(node["fixed"] and isinstance(node["x"], float | int) for node in data["nodes"])


def test_hostile_labels_stay_text(hostile: str) -> None:
    """A label that closes a script and opens an image shows as it is written, in the drawing, the table and the data."""
    parts = Parts(hostile)
    assert not [tag for tag, _ in parts.elements if tag == "img"]
    assert "<img" not in hostile
    assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in hostile
    assert [kind for kind, _ in parts.scripts] == ["application/json", "", ""]
    assert HOSTILE in json.dumps(parts.data())
    assert not set("<>&\u2028") & set(next(text for kind, text in parts.scripts if kind == "application/json"))


def test_a_hostile_record_does_not_loosen_the_policy(hostile: str, page: str) -> None:
    """The scripts of any page are the same, whatever the record says."""
    assert Parts(hostile).policy() == Parts(page).policy()


def test_the_page_is_whole_without_scripts(page: str) -> None:
    """The still drawing, the table and the addresses of the sources are there before any script runs."""
    still = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert "RU-whatsapp-full-block" in still
    assert "https://tass.com/economy/2085917" in still
    figure = still[still.index('<figure id="still">') : still.index("</figure>")]
    assert ">WhatsApp</tspan>" in figure
    assert "designated as" in figure


def test_every_fact_of_the_table_has_a_source(page: str) -> None:
    """No row stands without an account and a source behind it."""
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    for row in table.split("<tr>")[1:]:
        accounts = row.split("<td>")[-1].split("<p ")[1:]
        assert accounts, row
        assert all(re.search(r"<cite[^>]*>\[\d+", account) for account in accounts), row


def test_a_designation_is_the_word_of_the_state(page: str) -> None:
    """It is always said who designates."""
    assert "extremist organisation, by Tverskoy District Court of Moscow" in page


def test_nothing_recorded_is_never_worded_as_free() -> None:
    """A platform without measures is told with the caution."""
    page = draw_page(kg.open(), ["MAX"], "RU", on=ON, known=ON)
    assert "Nothing recorded does not mean not restricted." in page
    assert "not restricted<" not in page


def test_the_same_record_gives_the_same_page(page: str) -> None:
    """Drawn again, the page is the same to the byte."""
    assert draw_page(kg.open(), ["WhatsApp"], "RU", on=ON, known=ON) == page


def test_several_things_share_one_page() -> None:
    """Two names give one picture that holds both, with a verdict each."""
    page = draw_page(kg.open(), ["WhatsApp", "Telegram"], "RU", on=ON, known=ON)
    assert "<title>WhatsApp, Telegram in Russia</title>" in page
    assert {"WhatsApp", "Telegram"} <= {thing["label"] for thing in Parts(page).data()["things"].values()}


def test_addresses_become_links_only_when_asked_for(page: str) -> None:
    """With links every address of the web is one that tells the other side as little as can be; without, none is."""
    linked = Parts(draw_page(kg.open(), ["WhatsApp"], "RU", on=ON, known=ON, links=True))
    anchors = [attributes for tag, attributes in linked.elements if tag == "a"]
    assert len(anchors) == page.count("<li><span dir")
    assert {one["rel"] for one in anchors} == {"noopener noreferrer"}
    assert all(re.match(r"https?://", one["href"]) for one in anchors)
    assert linked.policy() == Parts(page).policy()


@pytest.mark.parametrize(
    ("url", "may"),
    [("https://example.org/a", True), ("http://example.org", True), ("javascript:alert(1)", False), ("JAVASCRIPT:alert(1)", False), ("data:text/html,x", False),
     ("//example.org", False), ("https:example", False), ("ftp://example.org", False), ("https://[", False), (" javascript:alert(1)", False)],
)  # fmt: skip
def test_only_addresses_of_the_web_may_be_followed(url: str, *, may: bool) -> None:
    """No address that runs, and none without a host, becomes a link."""
    assert followable(url) is may


def test_the_page_knows_other_names(page: str) -> None:
    """Names in other scripts and look-up keys come with each thing, so that the page can be searched in any script."""
    things = {thing["id"]: thing for thing in Parts(page).data()["things"].values()}
    assert {"ватсап", "вотсап", "wa.me"} <= set(things["whatsapp"]["keys"])
    assert ["Роскомнадзор", "ru"] in things["roskomnadzor"]["names"]


def test_an_unknown_name_is_refused() -> None:
    """A name that means nothing raises before anything is drawn."""
    with pytest.raises(UnknownName):
        draw_page(kg.open(), ["Nosuchthing"], "RU")


def area(wire: Wire) -> tuple[float, float, float, float]:
    x, y = wire.label_at
    broad = max(wide(line, 12) for line in wire.lines)
    return x - broad, y - 11, x, y + LINE * (len(wire.lines) - 1) + 2


@pytest.mark.parametrize("name", ["WhatsApp", "Telegram", "MAX", "YouTube", "Meta", "Roskomnadzor"])
def test_labels_and_boxes_do_not_overlap(name: str) -> None:
    """No label lies on another or on a box, no box on another, and nothing is cut off."""
    layout = arrange(kg.open().to_networkx(name, "RU", on=ON, known=ON), {})
    areas = [area(wire) for wire in layout.wires if wire.lines]
    areas += [(box.x, box.y, box.x + box.width, box.y + box.height) for box in layout.boxes.values()]
    for number, one in enumerate(areas):
        assert one[0] >= 0 <= one[1]
        assert one[2] <= layout.width
        assert one[3] <= layout.height
        for other in areas[:number]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1], (one, other)


def test_a_picture_without_acts_or_without_platforms_is_drawn() -> None:
    """A thing that nothing touches stands alone, and an edge may pass a column in which nothing stands."""
    alone = arrange(kg.open().to_networkx("Roskomnadzor", "EU", on="1990-01-01", known=ON), {})
    assert len(alone.boxes) == 1
    passing = arrange(kg.open().to_networkx("Rosfinmonitoring", "RU", on=ON, known=ON), {})
    assert all(wire.points for wire in passing.wires)


def test_long_names_are_broken_to_fit() -> None:
    """Every line fits the width, even of a word without a blank or in ideographs."""
    for text in ("Ministry of Digital Development, Communications and Mass Media", "W" * 80, "微信" * 30):
        assert all(wide(line) <= 150 for line in wrap(text, 150))


@pytest.mark.parametrize(("platform", "place", "word"), [("TikTok", "US", "Nothing recorded for everyone"), ("TikTok", "MX", "Nothing recorded")])  # fmt: skip
def test_a_ban_for_a_group_is_not_nothing(platform: str, place: str, word: str) -> None:
    """Where only officials or a state may not use a platform, headline and badge say that the verdict is for everyone."""
    scene = set_scene(kg.open(), [platform], place, on=ON, known=ON)
    assert [verdict["word"] for verdict in scene.verdicts] == [word]
    assert ("for a group" in scene.verdicts[0]["rest"]) == ("everyone" in word)
    assert badges(scene.network, scene.where)["tiktok"] == word
