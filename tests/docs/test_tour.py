"""The notebook: its cells run as they stand and show what is stored."""

from __future__ import annotations

import copy
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from test_docs import ROOT

SCRIPT = ROOT / "docs" / "generate_tour.py"
NOTEBOOK = ROOT / "docs" / "tour.ipynb"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    specification = importlib.util.spec_from_file_location("generate_tour", SCRIPT)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def stored() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return found


def test_cells_show_what_is_stored(tmp_path: Path) -> None:
    """The notebook is run in a kernel of this environment, in a folder of its own, and shows the stored outputs."""
    for needed in ("nbclient", "ipykernel"):
        pytest.importorskip(needed, reason=f"the notebook cannot be run: {needed} is not installed")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check"],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir()), "the kernel left something behind"


def test_stored_notebook_is_what_the_script_writes(script: ModuleType, stored: dict[str, Any]) -> None:
    """The stored cells are those of the script, with the same ids, and the file has the one form that it writes."""
    assert [(one["cell_type"], "".join(one["source"])) for one in stored["cells"]] == script.CELLS
    assert [one["id"] for one in stored["cells"]] == [f"tour-{place:02d}" for place in range(1, len(script.CELLS) + 1)]
    assert script.written(stored) == NOTEBOOK.read_text(encoding="utf-8")


def test_stored_notebook_tells_nothing_of_a_machine(stored: dict[str, Any]) -> None:
    """No path, no user, no time, and nothing on the error stream; the kernel is the usual one."""
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert not re.search(r"/(home|root|tmp|usr|Users|var)/|\b\d\d:\d\d:\d\d\b", text)
    assert stored["metadata"]["kernelspec"]["name"] == "python3"
    assert all(not one["metadata"] for one in stored["cells"])
    outputs = [output for one in stored["cells"] for output in one.get("outputs", ())]
    assert len(outputs) >= 7
    assert all(output["output_type"] != "error" and output.get("name", "stdout") == "stdout" for output in outputs)


def test_comparison_sees_what_matters(script: ModuleType, stored: dict[str, Any]) -> None:
    """A changed output or text is a difference; counts and the styles of tables are none."""
    same = copy.deepcopy(stored)
    for cell in same["cells"]:
        cell["execution_count"] = 99
        for output in cell.get("outputs", ()):
            if "text/html" in output.get("data", {}):
                output["data"]["text/html"].insert(0, "<style>table { color: red }</style>")
    assert script.plain(same) == script.plain(stored)
    printed = next(one for cell in same["cells"] for one in cell.get("outputs", ()) if "text" in one)
    printed["text"][0] = "something else\n"
    assert script.plain(same) != script.plain(stored)
