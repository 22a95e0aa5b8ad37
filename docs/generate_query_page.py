"""Write docs/queries.md from the headers of queries/answers/*.rq, grouped by theme.

python docs/generate_query_page.py            writes the page
python docs/generate_query_page.py --check    writes nothing; exit code 1 when the page is stale
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kg.catalogue import THEMES, NamedQuery, parse_query  # noqa: E402  the checkout beside this script is what is described
from kg.cli.queries import example  # noqa: E402
from kg.sparql.parameters import option  # noqa: E402

PAGE = ROOT / "docs" / "queries.md"
INTRO = """# The catalogue of named questions

<!-- Made by docs/generate_query_page.py. Change the headers of the .rq files, not this page. -->

Each question is a file in [queries/answers](../queries/answers) and runs unchanged in any SPARQL 1.1 tool.
On the command line it is asked by name, with its parameters as options: `kg query blocked-platforms --in RU`.
A parameter without a default must be given; one with the default `any` may be left out and then takes every value.
`kg queries NAME` shows one question with its text and the output of its example.

- *Jurisdictions, platforms, companies, authorities, laws* and *things* are given by name, alias, id, code or domain, *categories,
  audiences, levels* and *grounds* by id or label; days as `2026-03-01`; an *iri* as an id or a whole IRI.
- `on` is the day asked about, `known` the day up to which publications count. Without them both are today.
- Empty cells: nothing is recorded, or the bound is open. Nothing recorded is no proof that nothing happened.
"""


def escape(text: str) -> str:
    """Text that may stand in a cell of a Markdown table."""
    return text.replace("|", "\\|")


def section(query: NamedQuery) -> list[str]:
    """One question with its parameters and columns."""
    lines = [f"### {query.name}", "", f"{query.summary} ([file](../queries/answers/{query.name}.rq))", ""]
    if query.parameters:
        lines += ["| parameter | type | default | meaning |", "| --- | --- | --- | --- |"]
        lines += [
            f"| `{option(one.name)}` | {one.type} | {one.default or ''} | {escape(one.meaning)} |"
            for one in query.parameters
        ]
        lines.append("")
    if query.columns:
        lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        lines += [
            f"| `{one.name}` | {one.type}{f' ({one.unit})' if one.unit else ''} | {escape(one.meaning)} |"
            for one in query.columns
        ]
        lines.append("")
    lines += [f"Example: `{example(query)}`", ""]
    return lines


def render() -> str:
    """The whole page."""
    groups: dict[str, list[NamedQuery]] = defaultdict(list)
    for file in sorted((ROOT / "queries" / "answers").glob("*.rq")):
        query = parse_query(file.stem, file.read_text(encoding="utf-8"))
        groups[query.theme].append(query)
    lines = [INTRO]
    for theme in THEMES:
        lines += [f"- [{theme}](#theme-{theme.replace(' ', '-')}): {', '.join(f'[{one.name}](#{one.name})' for one in groups[theme])}"]
    lines.append("")
    for theme in THEMES:
        lines += [f"## Theme: {theme}", ""]
        if theme == "reading":
            lines += ["Questions that the program itself asks to read nodes, names and labels.", ""]
        for query in groups[theme]:
            lines += section(query)
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write the page, or with --check say whether it is current."""
    page = render()
    if "--check" in sys.argv[1:]:
        current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page
        if not current:
            print("docs/queries.md is stale: run python docs/generate_query_page.py", file=sys.stderr)
        return 0 if current else 1
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
