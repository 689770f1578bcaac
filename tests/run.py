"""`make test`: everything that can run here. Arguments go to pytest.

The browser tests and the visitors of every page come second, in a run of their own: playwright's
loop and the asynchronous tests' do not share a process.
"""

import os
import subprocess
import sys
from importlib.util import find_spec

from tests.chromium import find_chromium

NO_TESTS = 5  # pytest's exit code


def main(arguments: list[str]) -> int:
    # One more than there are cores: many tests wait for processes of their own.
    workers = str(min((os.cpu_count() or 1) + 1, 4))
    code = _pytest("-n", workers, "-m", "not browser and not site", *arguments)
    chromium = find_chromium()
    if chromium is None or find_spec("playwright") is None:
        print("No browser tests: no Chromium was found (CHROMIUM names one).", flush=True)
        return _worse(code, _pytest("-n", "0", "-m", "site and not browser", *arguments))
    print(f"Browser tests, with {chromium}:", flush=True)
    return _worse(code, _pytest("-n", "0", "-m", "browser or site", *arguments, CHROMIUM=chromium))


def _worse(first: int, second: int) -> int:
    return first or (0 if second == NO_TESTS else second)


def _pytest(*arguments: str, **environment: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *arguments], env={**os.environ, **environment}
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
