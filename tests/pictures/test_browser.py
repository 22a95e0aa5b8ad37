"""The network page in a real browser: what it does, and that nothing of it leaves the machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import complaints, hosts_asked, needs_browser, start
from test_page import RECORD

import kg
from kg.pictures import gathering
from kg.pictures.light import draw_light
from kg.pictures.page import draw_page
from kg.pictures.scene import set_scene

pytestmark = needs_browser
ON = "2026-11-22"
PAYLOADS = (
    "<img src=x onerror=ran=1>",
    "</script><script>ran=1</script>",
    '"><svg onload=ran=1>',
    "<a href='javascript:ran=1'>href</a>",
)
TYPE = "const box = document.getElementById(arguments[0]); box.value = arguments[1]; for (const name of ['input', 'change']) box.dispatchEvent(new Event(name, { bubbles: true }));"
VISIBLE = "return Array.from(document.querySelectorAll('#spots button:not([hidden])'), (one) => one.getAttribute('aria-label'));"


def hostile_record() -> str:
    """The small record with payloads in labels, notes, locators and titles, and names in Persian and Arabic letters."""
    record = RECORD.read_text(encoding="utf-8")
    record = record.replace('skos:hiddenLabel "chrip"', 'skos:prefLabel "چیرپ"@fa ; skos:hiddenLabel "chrip" , "Ч" ')
    for label, payload in zip(("Example Holding", "Block of Chirp", "Data Act, section 7", "Chirp is blocked"), PAYLOADS, strict=True):  # fmt: skip
        escaped = payload.replace('"', '\\"')
        record = record.replace(f'"{label}"@en', f'"{label} {escaped}"@en')
    return record.replace('"paragraphs 1-2"', f'"{PAYLOADS[0]}"').replace('"The two', f'"{PAYLOADS[1]}The two')


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages that are opened, by name."""
    folder = tmp_path_factory.mktemp("pages")
    graph = kg.open()
    case = set_scene(graph, ["WhatsApp"], "RU", on=ON, known=ON)
    made = {"page": draw_page(graph, ["WhatsApp"], "RU", on=ON, known=ON), "light": draw_light(graph, case)}
    record = folder / "record.ttl"
    record.write_text(hostile_record(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(folder / "home"))
        small = kg.open(data=[record])
        plain = gathering.to_plain
        patch.setattr(gathering, "to_plain", lambda source: plain(source) | {"url": "javascript:ran=1"})
        scene = set_scene(small, ["chirp"], "ZZ", on=ON, known=ON)
        made["hostile"] = draw_page(small, ["chirp"], "ZZ", on=ON, known=ON, links=True)
        made["hostile light"] = draw_light(small, scene, links=True)
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for the module."""
    driver = start(tmp_path_factory.mktemp("browser"))
    yield driver
    driver.quit()


@pytest.fixture
def visit(driver: Any, pages: dict[str, Path]) -> Callable[..., Any]:
    """Opens a page anew, with a fragment behind its address."""

    def opened(name: str = "page", fragment: str = "") -> Any:
        driver.get("about:blank")
        complaints(driver)
        driver.get(pages[name].as_uri() + fragment)
        return driver

    return opened


def spot(driver: Any, name: str) -> Any:
    """The place of a card or line on the canvas by the beginning of its name."""
    return driver.find_element("css selector", f'#spots button[aria-label^="{name}"]')


def text(driver: Any, ident: str) -> str:
    return driver.find_element("id", ident).text


def press(driver: Any, *keys: str) -> None:
    driver.switch_to.active_element.send_keys(*keys)


@pytest.mark.parametrize("name", ["page", "light", "hostile", "hostile light"])
def test_the_console_is_silent(visit: Callable[..., Any], name: str) -> None:
    """The script of every page runs under its policy, fails nowhere, and nothing is refused."""
    driver = visit(name)
    assert driver.find_element("id", "tools").is_displayed()
    assert complaints(driver) == []


def test_the_canvas_has_a_name_and_a_role(visit: Callable[..., Any]) -> None:
    """Screen readers hear what the canvas shows and that the table holds the same."""
    canvas = visit().find_element("css selector", "#canvas canvas")
    assert canvas.get_attribute("role") == "img"
    assert "The table below holds the same facts" in canvas.get_attribute("aria-label")


def test_a_click_on_whatsapp_tells_its_facts_and_sources(visit: Callable[..., Any]) -> None:
    """A click where the card is drawn opens its facts with dates, sources, locators and addresses, and names its verdict."""
    from selenium.webdriver import ActionChains

    driver = visit()
    ActionChains(driver).move_to_element(spot(driver, "WhatsApp, platform")).click().perform()
    assert text(driver, "panel-title") == "WhatsApp"
    assert text(driver, "panel-type") == "platform: Blocked"
    told = text(driver, "panel-facts")
    assert "RU-whatsapp-full-block" in told
    assert "https://tass.com/economy/2085917" in told
    assert re.search(r"Account: began 2026-02-1\d", told)
    assert re.search(r"\[\d+\] TASS, 2026-02-\d\d.*, paragraph", told)


def test_a_click_beside_everything_closes_the_panel(visit: Callable[..., Any]) -> None:
    """The empty ground of the picture is the way back."""
    from selenium.webdriver import ActionChains

    driver = visit(fragment="#show=whatsapp")
    assert driver.find_element("id", "panel").is_displayed()
    ground = driver.find_element("id", "canvas")
    corner = [-ground.size["width"] // 2 + 4, -ground.size["height"] // 2 + 4]
    ActionChains(driver).move_to_element_with_offset(ground, *corner).click().perform()
    assert not driver.find_element("id", "panel").is_displayed()


def test_search_knows_every_script(visit: Callable[..., Any]) -> None:
    """Other scripts, case, accents, the asterisk and domains find the card and open it; the light page marks it."""
    cases = {"Ватсап": "WhatsApp", "واتساپ": "WhatsApp", "واتساب": "WhatsApp", "  ВОТСАП ": "WhatsApp", "whatsápp*": "WhatsApp", "wa.me": "WhatsApp", "роскомнадзор": "Roskomnadzor"}  # fmt: skip
    driver = visit()
    for asked, found in cases.items():
        driver.execute_script(TYPE, "find", asked)
        assert (text(driver, "found"), text(driver, "panel-title")) == (found, found), asked
    driver = visit("light")
    for asked, found in cases.items():
        driver.execute_script(TYPE, "find", asked)
        lit = driver.execute_script("return Array.from(document.querySelectorAll('#cards .lit text'), (one) => one.textContent)")  # fmt: skip
        assert [one for one in lit if one.startswith(found)] == lit != [], asked


def test_search_folds_arabic_letters(visit: Callable[..., Any]) -> None:
    """A Persian name is found with Persian and Arabic letters, with marks of reading and without."""
    driver = visit("hostile")
    for asked in ("چیرپ", "چيرپ", "چِیرپ"):
        driver.execute_script(TYPE, "find", "")
        driver.execute_script(TYPE, "find", asked)
        assert text(driver, "panel-title") == "Chirp", asked


def test_names_run_from_right_to_left(visit: Callable[..., Any]) -> None:
    """The Persian name stands in the panel with its language and in its own direction."""
    driver = visit("hostile", "#show=chirp")
    name = driver.find_element("css selector", "#panel-facts bdi[lang=fa]")
    assert name.text == "چیرپ"
    assert driver.execute_script("return getComputedStyle(arguments[0]).direction", name) == "rtl"


def test_a_search_without_a_hit_says_so(visit: Callable[..., Any]) -> None:
    """Nothing is opened, and the words do not claim that the thing is unknown to the record."""
    driver = visit()
    driver.execute_script(TYPE, "find", "Nosuchthing")
    assert text(driver, "found") == "nothing here has that name"
    assert not driver.find_element("id", "panel").is_displayed()


def test_the_slider_changes_the_verdict(visit: Callable[..., Any]) -> None:
    """On earlier days verdict, badge, labels and lines are those of that day, and words say which day it is."""
    from selenium.webdriver import Keys

    driver = visit()
    slider = driver.find_element("id", "day")
    assert text(driver, "verdicts").startswith("Blocked since 11 February 2026")
    slider.send_keys(Keys.HOME)
    assert slider.get_attribute("aria-valuetext") == text(driver, "day-told") == "26 August 2021"
    assert text(driver, "verdicts").startswith("Nothing recorded")
    assert "As of 26 August 2021" in text(driver, "asof")
    assert spot(driver, "WhatsApp, platform").get_attribute("aria-label") == "WhatsApp, platform, Nothing recorded"
    assert not [name for name in driver.execute_script(VISIBLE) if "blocked" in name]
    driver.execute_script(TYPE, "day", "21")
    assert text(driver, "verdicts").startswith("Limited since between 11 August 2025")
    assert spot(driver, "Roskomnadzor → WhatsApp: limited 11–13\u00a0Aug".replace("\u00a0", " "))
    slider.send_keys(Keys.END)
    assert text(driver, "verdicts").startswith("Blocked")
    assert not driver.find_element("id", "asof").is_displayed()


def test_the_legend_hides_and_shows(visit: Callable[..., Any]) -> None:
    """Each entry is a button with its count; pressed, its lines or its cards with their lines are gone, and come back."""
    driver = visit()
    every = driver.execute_script(VISIBLE)
    for name, gone in (("l-words", r"(announced|said) "), ("k-law", r", law$|applied by")):
        button = driver.find_element("css selector", f"li[data-hide={name}] button")
        assert re.search(r"\(\d+\)$", button.text)
        button.click()
        assert button.get_attribute("aria-pressed") == "false"
        assert driver.execute_script(VISIBLE) == [one for one in every if not re.search(gone, one)]
        driver.find_element("id", "all").click()
        assert driver.execute_script(VISIBLE) == every
        assert button.get_attribute("aria-pressed") == "true"


def test_a_link_restores_the_view(visit: Callable[..., Any], pages: dict[str, Path]) -> None:
    """Day, chosen thing and filters stand in the address and come back from it, from a file; nonsense in it does nothing."""
    driver = visit()
    driver.execute_script(TYPE, "day", "21")
    spot(driver, "Roskomnadzor, authority").send_keys("\n")
    driver.find_element("css selector", "li[data-hide=k-law] button").click()
    address = driver.current_url
    assert address.startswith(pages["page"].as_uri() + "#day=2025-08-13&show=roskomnadzor&hide=k-law")
    before = (text(driver, "verdicts"), text(driver, "panel-title"), driver.execute_script(VISIBLE))
    visit(fragment="#" + address.partition("#")[2])
    assert (text(driver, "verdicts"), text(driver, "panel-title"), driver.execute_script(VISIBLE)) == before
    visit(fragment="#day=soon&show=<img src=x onerror=ran=1>&hide=nothing.l-&x=%")
    assert complaints(driver) == []
    assert not driver.find_element("id", "panel").is_displayed()


def test_a_line_can_be_linked_to(visit: Callable[..., Any]) -> None:
    """A line has an address of its own, by the ids of the record and not by numbers of the page."""
    driver = visit(fragment="#show=roskomnadzor>whatsapp>measure")
    assert text(driver, "panel-title") == "Roskomnadzor → WhatsApp"
    assert text(driver, "panel-type").startswith("blocked 11–12 Feb 2026")


def test_the_keyboard_reaches_everything(visit: Callable[..., Any]) -> None:
    """Tab comes to every card, line and button; arrows go from card to card; Enter opens, Escape closes and comes back."""
    from selenium.webdriver import Keys

    driver = visit()
    wanted = set(driver.execute_script(VISIBLE))
    driver.execute_script(
        "seen = []; addEventListener('focusin', ({ target }) => seen.push(target.ariaLabel || target.textContent));"
    )
    driver.find_element("id", "find").click()
    press(driver, Keys.TAB * (len(wanted) + 40))
    seen = set(driver.execute_script("return seen"))
    assert wanted <= seen
    assert {"Zoom in", "Whole picture"} <= seen
    assert any(name.startswith("announced or said") for name in seen)
    spot(driver, "WhatsApp, platform").send_keys(Keys.ARROW_RIGHT)
    assert driver.switch_to.active_element.accessible_name.startswith("Meta Platforms, company")
    press(driver, Keys.ARROW_LEFT)
    first = driver.switch_to.active_element.accessible_name
    assert ", platform" in first
    press(driver, Keys.ARROW_DOWN)
    below = driver.switch_to.active_element.accessible_name
    assert ", platform" in below
    assert below != first
    press(driver, Keys.ENTER)
    assert driver.switch_to.active_element.get_attribute("id") == "panel-title"
    assert text(driver, "panel-title") == below.partition(",")[0]
    press(driver, Keys.ESCAPE)
    assert not driver.find_element("id", "panel").is_displayed()
    assert driver.switch_to.active_element.accessible_name == below


@pytest.mark.parametrize(
    ("name", "labels", "frames"), [("page", "#still .label", "#still .frame"), ("light", "#wires text", "#cards rect")]
)
def test_labels_do_not_overlap(visit: Callable[..., Any], name: str, labels: str, frames: str) -> None:
    """In the drawing as the browser sets it no label lies on another or on a card, and nothing sticks out."""
    driver = visit(name)
    boxes, (width, height) = driver.execute_script(
        """
        for (const id of ["still", "view"]) if (document.getElementById(id)) document.getElementById(id).hidden = id === "view";
        const box = (one) => { const b = one.getBBox(); const m = one.closest("#cards svg"); const [x, y] = m ? [m.x.baseVal.value, m.y.baseVal.value] : [0, 0]; return [b.x + x, b.y + y, b.x + x + b.width, b.y + y + b.height, one.textContent]; };
        const found = [...document.querySelectorAll(arguments[0]), ...document.querySelectorAll(arguments[1])].map(box);
        const view = document.querySelector("#still svg, #picture").viewBox.baseVal;
        return [found, [view.width, view.height]];
        """,
        labels,
        frames,
    )
    assert len(boxes) > 40
    for number, one in enumerate(boxes):
        assert one[0] >= 0 <= one[1]
        assert one[2] <= width
        assert one[3] <= height
        for other in boxes[:number]:
            # Lines of text are set close, so boxes of letters may share a hair's breadth.
            assert one[2] <= other[0] + 1 or other[2] <= one[0] + 1 or one[3] <= other[1] + 3 or other[3] <= one[1] + 3, (one, other)  # fmt: skip


@pytest.mark.parametrize("name", ["hostile", "hostile light"])
def test_hostile_labels_and_addresses_run_nothing(visit: Callable[..., Any], name: str) -> None:
    """Whatever is opened, hovered and pressed, labels and titles stay text, and no address that runs becomes a link."""
    driver = visit(name)
    driver.execute_script(
        """
        for (const one of document.querySelectorAll("button, [role=button], #sources *, #facts *")) {
          one.dispatchEvent(new PointerEvent("pointerenter", { bubbles: true }));
          one.dispatchEvent(new MouseEvent("click", { bubbles: true }));
        }
        """
    )
    driver.execute_script(TYPE, "find", PAYLOADS[0])
    made = driver.execute_script("return [typeof ran, document.querySelectorAll('img, a, iframe, [onload], [onerror]').length, document.scripts.length]")  # fmt: skip
    assert made == ["undefined", 0, 3 if name == "hostile" else 2]
    assert complaints(driver) == []
    assert "javascript:ran=1" in driver.page_source
    assert PAYLOADS[0] in driver.find_element("id", "facts").text


@pytest.mark.parametrize("name", ["page", "light"])
def test_without_scripts_picture_and_table_are_there(visit: Callable[..., Any], driver: Any, name: str) -> None:
    """Where no script may run, the drawing, the table and the sources are shown and no dead control is."""
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        visit(name)
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    svg = driver.find_element("css selector", "#still svg, #picture")
    assert svg.is_displayed()
    assert svg.size["width"] > 1000
    assert len(driver.find_elements("css selector", "#facts tbody tr")) > 40
    assert "tass.com/economy/2085917" in text(driver, "sources")
    assert not driver.find_element("id", "tools").is_displayed()
    assert not [one for one in driver.find_elements("css selector", "button") if one.is_displayed()]


@pytest.mark.parametrize("name", ["page", "light"])
def test_a_narrow_window_scrolls_the_picture_and_not_the_page(
    visit: Callable[..., Any], driver: Any, name: str
) -> None:
    """On a telephone only the picture moves sideways."""
    size = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        visit(name)
        assert driver.execute_script("return document.scrollingElement.scrollWidth") <= 390
        assert driver.execute_script("const one = document.querySelector('#view, figure'); return one.scrollWidth > one.clientWidth")  # fmt: skip
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_light_page_filters_marks_and_links(visit: Callable[..., Any]) -> None:
    """A card, by keyboard, leaves its neighbours lit and its rows in the table; the address brings that back; Escape ends it."""
    from selenium.webdriver import Keys

    driver = visit("light")
    count = "return [document.querySelectorAll('#facts tbody tr:not([hidden])').length, document.querySelectorAll('#cards .lit').length]"
    everything = driver.execute_script(count)
    card = next(one for one in driver.find_elements("css selector", "#cards [role=button]") if one.accessible_name.startswith("Roskomnadzor"))  # fmt: skip
    driver.execute_script("arguments[0].focus()", card)
    press(driver, Keys.ENTER)
    chosen = driver.execute_script(count)
    assert 0 < chosen[0] < everything[0]
    assert 1 < chosen[1] < 31
    visit("light", "#" + driver.current_url.partition("#")[2])
    assert "show=roskomnadzor" in driver.current_url
    assert driver.execute_script(count) == chosen
    driver.find_element("tag name", "body").send_keys(Keys.ESCAPE)
    assert driver.execute_script(count) == everything


def _tour(driver: Any, page: Path) -> list[str]:
    """Open a page and use it: search, choose, slide, press all its buttons. Gives what the console said."""
    driver.get(page.as_uri())
    for ident, value in (("find", "Meta"), ("day", "3")):
        if driver.find_elements("id", ident):
            driver.execute_script(TYPE, ident, value)
    driver.execute_script(
        "for (const one of document.querySelectorAll('main > :not(#stage) button, #tools button, form button')) one.click();"
    )
    return complaints(driver)


def test_nothing_leaves_the_page(pages: dict[str, Path], tmp_path: Path) -> None:
    """The net log of a browser that opens and uses every page holds no look-up and no request of a page."""
    log = tmp_path / "net.json"
    driver = start(tmp_path, log=log)
    try:
        said = [line for page in pages.values() for line in _tour(driver, page)]
    finally:
        driver.quit()
    assert hosts_asked(log) == set()
    assert said == []


def test_the_net_log_would_tell(pages: dict[str, Path], tmp_path: Path) -> None:
    """A script, a preconnect, a prefetch of a name or a form that somebody puts into the page is noticed by the same means."""
    page = pages["page"].read_text(encoding="utf-8")
    unguarded = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    spoiled = {
        "script": unguarded.replace("</head>", '<script src="https://script.example/x.js"></script></head>'),
        "preconnect": page.replace("</head>", '<link rel="preconnect" href="https://preconnect.example"></head>'),
        "prefetch": page.replace("</head>", '<link rel="dns-prefetch" href="https://prefetch.example"></head>'),
        "form": page.replace("</main>", '<form action="https://form.example/"><button>Go</button></form></main>'),
        "refused": page.replace("</head>", '<script src="https://refused.example/x.js"></script></head>'),
    }
    log = tmp_path / "net.json"
    driver = start(tmp_path, log=log)
    said = {}
    try:
        for name, text_ in spoiled.items():
            file = tmp_path / f"{name}.html"
            file.write_text(text_, encoding="utf-8")
            said[name] = _tour(driver, file)
    finally:
        driver.quit()
    assert hosts_asked(log) == {"script.example", "preconnect.example", "prefetch.example", "form.example"}
    assert "Content Security Policy" in said["refused"][0]
