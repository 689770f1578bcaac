"""`make test`: everything that can run here. Arguments go to pytest.

The browser tests come second, in a run of their own: playwright's loop and the asynchronous tests'
do not share a process. Third come the visitors of every page (`tests/site`); with EVERY_LOOK=1 they
look at all of it in every way (see `tests.site.plan`).
"""

import os
import subprocess
import sys
from importlib.util import find_spec

from tests.chromium import find_chromium

NO_TESTS = 5  # pytest's exit code


def main(arguments: list[str]) -> int:
    chromium = find_chromium() if find_spec("playwright") else None
    cores = os.cpu_count() or 1
    # One more than there are cores: many tests wait for processes of their own.
    runs = [["-n", str(min(cores + 1, 4)), "-m", "not browser and not site"]]
    if chromium is None:
        print("No browser tests: no Chromium was found (CHROMIUM names one).", flush=True)
        runs += [["-n", "0", "-m", "site and not browser"]]
    else:
        print(f"Browser tests with {chromium}, in the second run and the third.", flush=True)
        os.environ["CHROMIUM"] = chromium
        side_by_side = str(min(max(cores, 2), 4))  # a browser each
        runs += [["-n", side_by_side, "-m", m] for m in ("browser and not site", "site")]
    codes = [_pytest(*run, *arguments) for run in runs]
    return next((code for code in codes if code not in (0, NO_TESTS)), 0)


def _pytest(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", "-q", *arguments]).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
