"""Write queries/checks/plans.json: the conditions of the record taken apart, so that a change need not do it.

python docs/generate_plans.py            writes the file
python docs/generate_plans.py --check    writes nothing; exit code 1 when the file is stale
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kg import places  # noqa: E402  the checkout beside this script is what is meant
from kg.build.plans import written  # noqa: E402


def main() -> int:
    """Write the file, or tell whether it is stale."""
    text, file = written(places.check_files()), places.plans_file()
    if "--check" in sys.argv[1:]:
        return int(not file.exists() or file.read_text(encoding="utf-8") != text)
    file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
