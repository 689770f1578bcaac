"""`make test`: everything that can run here. Arguments go to pytest.

The browser tests come second, in runs of their own: playwright's loop and the asynchronous tests'
do not share a process. What people do in a browser is timed, and runs alone; what merely looks at
every page takes two.
"""

import os
import subprocess
import sys
from importlib.util import find_spec

from tests.chromium import find_chromium

NO_TESTS = 5  # pytest's exit code


def main(arguments: list[str]) -> int:
    code = _pytest(
        "-n", "auto", "--maxprocesses=4", "--dist=loadgroup", "-m", "not browser", *arguments
    )
    chromium = find_chromium()
    if chromium is None or find_spec("playwright") is None:
        print("No browser tests: no Chromium was found (CHROMIUM names one).", flush=True)
        return code
    print(f"Browser tests, with {chromium}:", flush=True)
    for options in (
        ["-n", "0", "-m", "browser and not looks"],
        ["-n", "2", "-m", "looks"],
    ):
        browsers = _pytest(*options, *arguments, CHROMIUM=chromium)
        code = code or (0 if browsers == NO_TESTS else browsers)
    return code


def _pytest(*arguments: str, **environment: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *arguments], env={**os.environ, **environment}
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
