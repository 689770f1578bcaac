"""`make lighthouse`: what Lighthouse says of the pages that strangers see.

Against a portal as it runs in production (compressed and hashed static files, no debugging), in
Chromium, as Lighthouse's own phone on a slow line; `--preset=desktop` is handed on. The reports go
to var/lighthouse. Nothing in the suite rests on it: its figures depend on the machine.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import environment  # noqa: F401  starts the services

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "lighthouse"
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
PAGES = {"home": "/", "members": "/members/", "sign-in": "/accounts/login/"}
LANGUAGES = ("ar", "en")
CATEGORIES = ("accessibility", "best-practices", "seo", "performance")


def main(options: list[str]) -> int:
    from tests.chromium import find_chromium  # noqa: PLC0415  after the environment
    from tests.screens import prepare  # noqa: PLC0415

    prepare()
    from tests.site.visit import running_site  # noqa: PLC0415

    chromium = find_chromium()
    if chromium is None or not shutil.which("npm") or not install():
        print("Lighthouse needs node with npm, its package and a Chromium.")
        return 1
    print(f"{'page':<14}" + "".join(f"{category:>16}" for category in CATEGORIES))
    failed: dict[str, set[str]] = {}
    with running_site(DEMO="0") as site:
        for name, path in PAGES.items():
            for language in LANGUAGES:
                report = examine(chromium, f"{site.portal.url}/{language}{path}", name, options)
                scores = [report["categories"][each]["score"] for each in CATEGORIES]
                shown = "".join(f"{round((score or 0) * 100):>16}" for score in scores)
                print(f"{name + ' ' + language:<14}{shown}", flush=True)
                for title in unmet(report):
                    failed.setdefault(title, set()).add(f"{name} {language}")
    for title, where in sorted(failed.items()):
        print(f"- {title} ({', '.join(sorted(where))})")
    return 0


def install() -> bool:
    if not PROGRAM.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-save", "--ignore-scripts", "--prefix", str(FOLDER)]
        subprocess.run(
            [*command, "lighthouse"],
            env={**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"},
            stdout=subprocess.DEVNULL,
        )
    return PROGRAM.exists()


def examine(chromium: str, url: str, name: str, options: list[str]) -> dict[str, dict]:
    path = FOLDER / f"{url.split('/')[3]}-{name}.json"
    done = subprocess.run(
        [
            "node",
            str(PROGRAM),
            url,
            "--quiet",
            "--output=json",
            f"--output-path={path}",
            "--chrome-flags=--headless=new --no-sandbox",
            f"--only-categories={','.join(CATEGORIES)}",
            *options,
        ],
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, dict] = json.loads(path.read_text())
    return report


def unmet(report: dict[str, dict]) -> list[str]:
    """The audits that cost something, with what they measured."""
    found = []
    for category in CATEGORIES:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                found.append(f"{audit['title']} {audit.get('displayValue', '')}".strip())
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
