"""Draw the countries once: from Natural Earth to kg/pictures/world.json. Run by hand; nothing needs it or its input.

Source: Natural Earth 4.1.0, admin 0 countries, 1:50m and 1:10m, public domain (https://www.naturalearthdata.com/about/terms-of-use/),
as TopoJSON in the npm package world-atlas 2.0.2 (its scripts are ISC-licensed; none are used here):

    npm pack world-atlas@2.0.2
    tar xzf world-atlas-2.0.2.tgz
    python docs/generate_map_shapes.py package

It needs the standard library alone. What it does:

1. It takes the rings of 1:50m as edges between points, and brings the territories in line with the United Nations: Crimea (which
   the source draws in Russia) goes to Ukraine (General Assembly resolution 68/262), the Golan (in Israel) to Syria (Security Council
   497), the part of Western Sahara west of the berm (in Morocco) to Western Sahara (non-self-governing territory), northern Cyprus
   to Cyprus (541), Somaliland to Somalia. The lines of control that thereby lie within a territory or on its edge are kept to be
   dashed; of Crimea it is the whole outline, since the line across its neck alone could not be seen. Kosovo (XK) and Taiwan (TW) stand apart. All other disputed borders stay as the source has them: by control.
2. It gives every ISO 3166-1 code an entry of its own: French Guiana, Svalbard and the like are cut out of their states.
3. It projects (Equal Earth, central meridian 11 degrees east, so that no land is cut by the edge), leaves out Antarctica's land,
   removes points that change an outline by less than a fraction of a unit, the same ones on both sides of a border, and writes
   paths with whole numbers. A code whose land is too small to be seen also gets a point.
"""

from __future__ import annotations

import heapq
import json
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "kg" / "pictures" / "world.json"
WIDTH = 2000
CENTRE = 11.0
TOP, BOTTOM = 83.7, -56.2
LEAST_AREA = 3.0
"""Removing a point may change an outline by this many square units."""
LEAST_RING = 5.0
"""Islands smaller than this many square units are left out, unless they are all that a code has."""
SMALL = 60.0
"""Codes with less land than this get a point."""

WHOLE = {"PS"}
"""Codes of which no point is removed and no part left out: Gaza is narrower than what the drawing can otherwise tell."""

UNITED = {"N. Cyprus": "CY", "Somaliland": "SO", "Siachen Glacier": "IN", "Kosovo": "XK", "Ashmore and Cartier Is.": "AU",
          "Indian Ocean Ter.": "CX", "Dhekelia": "CY", "Akrotiri": "CY", "Cyprus U.N. Buffer Zone": "CY", "USNB Guantanamo Bay": "CU", "Baikonur": "KZ"}
# ISO 3166-1 numeric to alpha-2, as in the standard.
NUMERIC = dict(pair.split(":") for pair in (
    "004:AF 248:AX 008:AL 012:DZ 016:AS 020:AD 024:AO 660:AI 010:AQ 028:AG 032:AR 051:AM 533:AW 036:AU 040:AT 031:AZ 044:BS 048:BH 050:BD 052:BB "
    "112:BY 056:BE 084:BZ 204:BJ 060:BM 064:BT 068:BO 535:BQ 070:BA 072:BW 074:BV 076:BR 086:IO 096:BN 100:BG 854:BF 108:BI 132:CV 116:KH 120:CM "
    "124:CA 136:KY 140:CF 148:TD 152:CL 156:CN 162:CX 166:CC 170:CO 174:KM 178:CG 180:CD 184:CK 188:CR 384:CI 191:HR 192:CU 531:CW 196:CY 203:CZ "
    "208:DK 262:DJ 212:DM 214:DO 218:EC 818:EG 222:SV 226:GQ 232:ER 233:EE 748:SZ 231:ET 238:FK 234:FO 242:FJ 246:FI 250:FR 254:GF 258:PF 260:TF "
    "266:GA 270:GM 268:GE 276:DE 288:GH 292:GI 300:GR 304:GL 308:GD 312:GP 316:GU 320:GT 831:GG 324:GN 624:GW 328:GY 332:HT 334:HM 336:VA 340:HN "
    "344:HK 348:HU 352:IS 356:IN 360:ID 364:IR 368:IQ 372:IE 833:IM 376:IL 380:IT 388:JM 392:JP 832:JE 400:JO 398:KZ 404:KE 296:KI 408:KP 410:KR "
    "414:KW 417:KG 418:LA 428:LV 422:LB 426:LS 430:LR 434:LY 438:LI 440:LT 442:LU 446:MO 450:MG 454:MW 458:MY 462:MV 466:ML 470:MT 584:MH 474:MQ "
    "478:MR 480:MU 175:YT 484:MX 583:FM 498:MD 492:MC 496:MN 499:ME 500:MS 504:MA 508:MZ 104:MM 516:NA 520:NR 524:NP 528:NL 540:NC 554:NZ 558:NI "
    "562:NE 566:NG 570:NU 574:NF 807:MK 580:MP 578:NO 512:OM 586:PK 585:PW 275:PS 591:PA 598:PG 600:PY 604:PE 608:PH 612:PN 616:PL 620:PT 630:PR "
    "634:QA 638:RE 642:RO 643:RU 646:RW 652:BL 654:SH 659:KN 662:LC 663:MF 666:PM 670:VC 882:WS 674:SM 678:ST 682:SA 686:SN 688:RS 690:SC 694:SL "
    "702:SG 534:SX 703:SK 705:SI 090:SB 706:SO 710:ZA 239:GS 728:SS 724:ES 144:LK 729:SD 740:SR 744:SJ 752:SE 756:CH 760:SY 158:TW 762:TJ 834:TZ "
    "764:TH 626:TL 768:TG 772:TK 776:TO 780:TT 788:TN 792:TR 795:TM 796:TC 798:TV 800:UG 804:UA 784:AE 826:GB 840:US 581:UM 858:UY 860:UZ 548:VU "
    "862:VE 704:VN 092:VG 850:VI 876:WF 732:EH 887:YE 894:ZM 716:ZW").split())
APART = {  # code: its state in the source, and the box (west, south, east, north) in which the rings of that state are its own
    "GF": ("FR", (-55, 1, -51, 6.5)), "GP": ("FR", (-62, 15.7, -61, 16.6)), "MQ": ("FR", (-61.3, 14.3, -60.7, 15)), "RE": ("FR", (55, -21.5, 56, -20.7)),
    "YT": ("FR", (44.9, -13.1, 45.4, -12.5)), "BQ": ("NL", (-69, 11.9, -62.8, 17.8)), "SJ": ("NO", (-10, 70, 35, 81)), "BV": ("NO", (3, -55, 4, -54)),
    "TK": ("NZ", (-173, -10, -171, -8)),
}
POINTS = {"TK": (-171.85, -9.2), "CC": (96.85, -12.15), "CX": (105.65, -10.48), "BQ": (-68.27, 12.18), "BV": (3.36, -54.42), "AQ": (20, -56.1),
          "UM": (166.62, 19.29), "HM": (73.5, -53.1), "SJ": (16, 78.5), "TV": (179.2, -8.52), "GI": (-5.35, 36.14)}
BERM_NORTH = 27.6666667
GOLAN = [(35.625, 33.245), (35.628, 33.16), (35.624, 33.06), (35.63, 32.97), (35.642, 32.885), (35.652, 32.82), (35.645, 32.75), (35.635, 32.69)]
"""The line of 4 June 1967 along the upper Jordan and the Sea of Galilee, for a drawing in which it is three units long."""

Point = tuple[float, float]


def load(file: Path) -> dict[str, list[list[Point]]]:
    """Closed rings (outer ones and holes alike) of every country, by code."""
    topology = json.loads(file.read_text(encoding="utf-8"))
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append((round(x * kx + dx, 6), round(y * ky + dy, 6)))
        arcs.append(points)
    found = defaultdict(list)
    for one in topology["objects"]["countries"]["geometries"]:
        name = one["properties"]["name"]
        code = UNITED.get(name) or NUMERIC.get(one.get("id", ""))
        if code is None:
            print("left out:", name)
            continue
        shapes = {"MultiPolygon": one.get("arcs"), "Polygon": [one.get("arcs")]}.get(one["type"], [])
        for rings in shapes:
            for ring in rings:
                points = []
                for number in ring:
                    arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                    points += arc if not points else arc[1:]
                found[f"{code}:{name}" if name == "N. Cyprus" else code].append([(180.0, y) if x <= -180 else (x, y) for x, y in points])
    return found


def area(ring: list[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2


def inside(point: Point, rings: list[list[Point]]) -> bool:
    x, y = point
    odd = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                odd = not odd
    return odd


def merged(*groups: list[list[Point]]) -> list[list[Point]]:
    """The outline of several groups of rings: edges that two of them share in opposite directions go."""
    edges = Counter(edge for rings in groups for ring in rings for edge in zip(ring, ring[1:]) if edge[0] != edge[1])
    onward = defaultdict(list)
    for (a, b), number in edges.items():
        for _ in range(number - min(number, edges.get((b, a), 0))):
            onward[a].append(b)
    rings = []
    while onward:
        start = next(iter(onward))
        ring = [start]
        while True:
            step = onward[ring[-1]].pop()
            if not onward[ring[-1]]:
                del onward[ring[-1]]
            ring.append(step)
            if step == start:
                break
        rings.append(ring)
    return rings


def shared(one: list[list[Point]], other: list[list[Point]]) -> list[list[Point]]:
    """The lines along which two groups of rings touch."""
    back = {(b, a) for ring in other for a, b in zip(ring, ring[1:])}
    lines = []
    for ring in one:
        for a, b in zip(ring, ring[1:]):
            if (a, b) in back:
                if lines and lines[-1][-1] == a:
                    lines[-1].append(b)
                else:
                    lines.append([a, b])
    return lines


def nearest(ring: list[Point], point: Point) -> int:
    return min(range(len(ring) - 1), key=lambda place: math.dist(ring[place], point))


def cut(ring: list[Point], line: list[Point]) -> tuple[list[Point], list[Point]]:
    """A ring cut in two along a line whose ends are points of the ring."""
    start, end = ring.index(line[0]), ring.index(line[-1])
    body = ring[:-1]
    forth = [body[place % len(body)] for place in range(end, end + (start - end) % len(body) + 1)]
    back = [body[place % len(body)] for place in range(start, start + (end - start) % len(body) + 1)]
    return line + forth[1:], back + line[::-1][1:]


def pick(rings: list[list[Point]], point: Point) -> list[Point]:
    """The ring around a point."""
    return next(ring for ring in rings if inside(point, [ring]))


def move(countries: dict[str, list[list[Point]]]) -> list[list[Point]]:
    """Bring territories in line with the United Nations; what comes back is the lines to be dashed."""
    dashed = []
    crimea = pick(countries["RU"], (34.2, 45.2))
    countries["RU"].remove(crimea)
    dashed.append(crimea)
    countries["UA"] = merged(countries["UA"], [crimea])

    north = countries.pop("CY:N. Cyprus")
    dashed += shared(north, countries["CY"])
    countries["CY"] = merged(countries["CY"], north)

    israel = pick(countries["IL"], (35.8, 33.0))
    countries["IL"].remove(israel)
    line = [israel[nearest(israel, GOLAN[0])], *GOLAN[1:-1], israel[nearest(israel, GOLAN[-1])]]
    golan, rest = cut(israel, line)
    if not inside((35.8, 33.0), [golan]):
        golan, rest = rest, golan
    dashed += shared([golan], countries["SY"])
    countries["IL"].append(rest)
    countries["SY"] = merged(countries["SY"], [golan])

    dashed += shared(countries["MA"], countries["EH"])
    morocco = pick(countries["MA"], (-6.0, 32.0))
    countries["MA"].remove(morocco)
    corner = morocco[nearest(morocco, (-8.667, BERM_NORTH))]
    crossing = [place for place, (a, b) in enumerate(zip(morocco, morocco[1:])) if (a[1] - BERM_NORTH) * (b[1] - BERM_NORTH) < 0 and a[0] < -12]
    assert len(crossing) == 1, crossing
    a, b = morocco[crossing[0]], morocco[crossing[0] + 1]
    coast = (a[0] + (b[0] - a[0]) * (BERM_NORTH - a[1]) / (b[1] - a[1]), BERM_NORTH)
    morocco.insert(crossing[0] + 1, coast)
    south, rest = cut(morocco, [coast, corner])
    if not inside((-14.5, 24.0), [south]):
        south, rest = rest, south
    countries["MA"].append(rest)
    countries["EH"] = merged(countries["EH"], [south])
    return dashed


def set_apart(countries: dict[str, list[list[Point]]]) -> None:
    for code, (state, (west, low, east, high)) in APART.items():
        own = [ring for ring in countries[state] if all(west <= x <= east and low <= y <= high for x, y in ring)]
        countries[state] = [ring for ring in countries[state] if ring not in own]
        countries[code] += own


A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796


def equal_earth(lon: float, lat: float) -> Point:
    """Šavrič, Patterson and Jenny, The Equal Earth map projection, 2018."""
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    t2, t6 = t * t, t**6
    x = 2 * math.sqrt(3) * math.radians(lon - CENTRE) * math.cos(t) / (3 * (9 * A4 * t2 * t6 + 7 * A3 * t6 + 3 * A2 * t2 + A1))
    return x, t * (A4 * t2 * t6 + A3 * t6 + A2 * t2 + A1)


SCALE = WIDTH / (2 * equal_earth(CENTRE + 180, 0)[0])
LEFT, UP = -WIDTH / 2, equal_earth(CENTRE, TOP)[1] * SCALE


def project(lon: float, lat: float) -> Point:
    x, y = equal_earth(lon, lat)
    return x * SCALE - LEFT, UP - y * SCALE


def projected(ring: list[Point]) -> list[Point]:
    """A ring in units of the drawing; one beyond the left edge (east of 169 degrees west) comes out on the right."""
    if max(x for x, _ in ring) - min(x for x, _ in ring) > 180:
        ring = [(x + 360 if x < 0 else x, y) for x, y in ring]
    turn = 360 if sum(x for x, _ in ring) / len(ring) < CENTRE - 180 else 0
    return [project(x + turn, y) for x, y in ring]


def simplified(countries: dict[str, list[list[Point]]]) -> dict[str, list[list[tuple[int, int]]]]:
    """Rings with fewer points (Visvalingam and Whyatt), which neighbours lose alike: lines between junctions are cut down once."""
    neighbours = defaultdict(set)
    owners = defaultdict(set)
    for code, rings in countries.items():
        for ring in rings:
            for a, b in zip(ring, ring[1:]):
                neighbours[a].add(b)
                neighbours[b].add(a)
                owners[frozenset((a, b))].add(code)
    fixed = {point for point, around in neighbours.items() if len(around) != 2 or len({frozenset(owners[frozenset((point, one))]) for one in around}) > 1}
    done = {}

    def line(points: list[Point]) -> list[Point]:
        key = min((points[0], points[1], points[-1]), (points[-1], points[-2], points[0]))
        turned = key[0] != points[0] or key[1] != points[1]
        if key not in done:
            own = owners[frozenset(points[:2])] & WHOLE
            done[key] = (points[::-1] if turned else points) if own else thinned(points[::-1] if turned else points)
        return done[key][::-1] if turned else done[key]

    result = {}
    for code, rings in countries.items():
        kept = []
        for ring in rings:
            body = ring[:-1]
            marks = [place for place, point in enumerate(body) if point in fixed]
            if not marks:
                first = body.index(min(body))
                far = max(range(len(body)), key=lambda place: math.dist(body[place], body[first]))
                marks = sorted((first, far))
            points = []
            for here, there in zip(marks, [*marks[1:], marks[0] + len(body)]):
                points += line([body[place % len(body)] for place in range(here, there + 1)])[:-1]
            whole = [(round(x), round(y)) for x, y in [*points, points[0]]]
            whole = [point for place, point in enumerate(whole) if place == 0 or point != whole[place - 1]]
            if len(whole) > 3:
                kept.append(whole)
        if kept:
            largest = max(abs(area(ring)) for ring in kept)
            least = 0 if code in WHOLE else min(LEAST_RING, largest)
            result[code] = [ring for ring in kept if abs(area(ring)) >= least and area(ring)]
    return {code: rings for code, rings in result.items() if rings}


def thinned(points: list[Point]) -> list[Point]:
    if len(points) < 3:
        return points
    before = list(range(-1, len(points) - 1))
    after = list(range(1, len(points) + 1))
    size = lambda i: abs(area([points[before[i]], points[i], points[after[i]], points[before[i]]]))
    current = {i: size(i) for i in range(1, len(points) - 1)}
    heap = [(value, i) for i, value in current.items()]
    heapq.heapify(heap)
    gone = set()
    while heap:
        value, i = heapq.heappop(heap)
        if i in gone or value != current[i]:
            continue
        if value >= LEAST_AREA:
            break
        gone.add(i)
        after[before[i]], before[after[i]] = after[i], before[i]
        for j in (before[i], after[i]):
            if 0 < j < len(points) - 1:
                current[j] = max(value, size(j))
                heapq.heappush(heap, (current[j], j))
    return [point for i, point in enumerate(points) if i not in gone]


def path(rings: list[list[tuple[int, int]]], *, closed: bool = True) -> str:
    """Path data: whole numbers, every step from the point before."""
    text = ""
    x = y = 0
    for ring in rings:
        for place, (px, py) in enumerate(ring[:-1] if closed else ring):
            steps = f"{px - x}{'' if py < y else ' '}{py - y}"
            text += ("M" if not text else "m") + steps + ("l" if place == 0 else "") if place == 0 else ("" if text[-1] == "l" or steps[0] == "-" else " ") + steps
            x, y = px, py
        if closed:
            text += "z"
            x, y = ring[0]
    return text


def heart(rings: list[list[Point]]) -> tuple[int, int]:
    """A point well inside the largest ring: the middle of the widest of some lines across it."""
    ring = max(rings, key=lambda one: abs(area(one)))
    low, high = min(y for _, y in ring), max(y for _, y in ring)
    best = (-1.0, ring[0])
    for part in range(3, 14):
        y = low + (high - low) * part / 16 + 1e-6
        crossings = sorted((x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in zip(ring, ring[1:]) if (y1 > y) != (y2 > y))
        for a, b in zip(crossings[::2], crossings[1::2]):
            room = min(b - a, 3 * (y - low), 3 * (high - y))
            best = max(best, (room, ((a + b) / 2, y)))
    return round(best[1][0]), round(best[1][1])


def main(folder: Path) -> None:
    countries = load(folder / "countries-50m.json")
    dashed = move(countries)
    set_apart(countries)
    fine = load(folder / "countries-10m.json")
    set_apart(fine)
    for code, rings in fine.items():
        if code not in countries and ":" not in code:
            countries[code] = rings
    merged_rings = {code: merged(rings) for code, rings in countries.items() if rings}
    flat = {code: [projected(ring) for ring in rings] for code, rings in merged_rings.items() if code != "AQ"}
    rings = simplified(flat)
    entries = {}
    for code in sorted({*NUMERIC.values(), "XK"}):
        entry = {}
        land = sum(abs(area(ring)) for ring in rings.get(code, []))
        if code in rings:
            entry["d"] = path(rings[code])
            entry["at"] = heart(rings[code])
        if land < SMALL:
            if code in POINTS:
                entry["at"] = [round(one) for one in projected([POINTS[code]])[0]]
            elif code not in rings:
                entry["at"] = heart(flat[code])
            entry["small"] = 1
        entries[code] = entry
    lines = []
    for one in dashed:
        thin = [(round(x), round(y)) for x, y in thinned(projected(one))]
        lines.append([point for place, point in enumerate(thin) if place == 0 or point != thin[place - 1]])
    height = math.ceil(project(CENTRE, BOTTOM)[1])
    data = {
        "about": "Natural Earth 4.1.0 (public domain), simplified and projected by docs/generate_map_shapes.py",
        "size": [WIDTH, height],
        "lines": path([one for one in lines if len(one) > 1], closed=False),
        "shapes": entries,
    }
    text = json.dumps(data, separators=(",", ":")) + "\n"
    text = text.replace('},"', '},\n"')
    OUT.write_text(text, encoding="utf-8")
    print(OUT, len(text), "bytes", len(entries), "codes", sum("small" in one for one in entries.values()), "points")
    print("no shape:", [code for code, one in entries.items() if "d" not in one])
    print("neither:", [code for code, one in entries.items() if not one])


main(Path(sys.argv[1]))
