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

from kg.catalogue import NamedQuery, parse_query  # noqa: E402  the checkout beside this script is what is described

PAGE = ROOT / "docs" / "queries.md"
OTHER = "other"
INTRO = """# The catalogue of named questions

<!-- Made by docs/generate_query_page.py. Change the headers of the .rq files, not this page. -->

Each question is a file in [queries/answers](../queries/answers) and runs unchanged in any SPARQL 1.1 tool.
On the command line it is asked by name, with its parameters as options: `kg query blocked-platforms --in RU`.
A parameter without a default must be given. `kg queries NAME` shows one question with its text.
"""


def escape(text: str) -> str:
    """Text that may stand in a cell of a Markdown table."""
    return text.replace("|", "\\|")


def section(query: NamedQuery) -> list[str]:
    """One question with its parameters and columns."""
    lines = [f"### [{query.name}](../queries/answers/{query.name}.rq)", "", query.summary, ""]
    if query.parameters:
        lines += ["| parameter | type | default | meaning |", "| --- | --- | --- | --- |"]
        lines += [
            f"| `--{one.name}` | {one.type} | {one.default or ''} | {escape(one.meaning)} |" for one in query.parameters
        ]
        lines.append("")
    if query.columns:
        lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        lines += [f"| `{one.name}` | {one.type} | {escape(one.meaning)} |" for one in query.columns]
        lines.append("")
    return lines


def render() -> str:
    """The whole page."""
    groups: dict[str, list[NamedQuery]] = defaultdict(list)
    for file in sorted((ROOT / "queries" / "answers").glob("*.rq")):
        query = parse_query(file.stem, file.read_text(encoding="utf-8"))
        groups[query.themes[0] if query.themes else OTHER].append(query)
    lines = [INTRO]
    for theme in sorted(groups, key=lambda one: (one == OTHER, one)):
        lines += [f"## {theme.capitalize()}", ""]
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
