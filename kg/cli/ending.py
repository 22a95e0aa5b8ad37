"""How every command ends: an answer, or one sentence and an exit code, and never a traceback for a user's mistake."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from kg.errors import KgError

GC_THRESHOLD = 100_000
"""A look-up makes few objects and lives for a tenth of a second; collecting while modules load only costs."""


def guarded(command: Callable[[], None]) -> NoReturn:
    """Run a command to its end; a user's mistake gives one sentence on stderr and the right exit code."""
    try:
        command()
    except SystemExit as leaving:
        if type(sys.stdout).__name__ == "PacifyFlushWrapper":
            # How typer says that the reader of a pipe went away (`kg … | head`): not an error.
            leave(0)
        leave(leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None))
    except KgError as error:
        for line in str(error).splitlines():
            print(f"kg: {line}" if line[:1] != " " else line, file=sys.stderr)
        leave(error.exit_code)
    except BrokenPipeError:
        # The reader of a pipe went away (`kg … | head`): not an error, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        leave(0)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EIO, errno.EDQUOT}:
            raise
        print(f"kg: the answer could not be written ({error.strerror})", file=sys.stderr)
        leave(2)
    except KeyboardInterrupt:
        leave(130)
    leave(0)


def leave(code: int) -> NoReturn:
    """End at once: taking the interpreter apart piece by piece costs a look-up a tenth of its time and saves nothing."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass
    except OSError:
        code = code or 2
    os._exit(code)
