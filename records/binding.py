"""A document of ours and strangers' files bound into one PDF by typst.

As in `records.first_page`, strangers' files are read in processes of their own, which may have so
much memory and so much time: each file is tried alone first, and what cannot be bound is left out.
"""

import contextlib
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

MEMORY = 2 * 1024**3
SECONDS_EACH = 10  # of computing, to try a file; on the clock twice as many
SECONDS = 60  # to bind all of them
MOST_PAGES = 150  # of a file that is bound
LARGEST = 200 * 1024**2
ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
}
_ONLY = re.compile(r"the document only has (\d+) page")


def bind(source: str, document: dict[str, Any], files: list[tuple[Path, str]]) -> bytes | None:
    """`source` (typst) with `document` in its inputs, and `files` (path, content type) beside it.

    Each entry of `document["annexes"]`, one a file, gets "file" and "pages": 0 where it could not
    be bound (another kind, damaged, locked, too long). None where nothing could be made in time.
    """
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        for number, ((path, content_type), annex) in enumerate(
            zip(files, document["annexes"], strict=True)
        ):
            ending = ENDINGS.get(content_type, "")
            annex["file"], annex["pages"] = f"{number}.{ending}", 0
            if ending:
                shutil.copyfile(path, root / annex["file"])
                found = _run(root, "try", annex["file"], SECONDS_EACH)
                annex["pages"] = int(found) if found and found.isdigit() else 0
        (root / "document.json").write_text(json.dumps(document, ensure_ascii=False))
        (root / "document.typ").write_text(source)
        return _run(root, "bind", "document.typ", SECONDS)


def _run(root: Path, act: str, name: str, seconds: int) -> bytes | None:
    command = [sys.executable, "-I", __file__, act, str(root), name, str(seconds)]
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(  # noqa: S603  all of it is ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=2 * seconds,
            cwd=root,
            env={},
            check=False,
        )
        if done.returncode == 0 and 0 < len(done.stdout) <= LARGEST:
            return done.stdout
    return None


def _pages(root: str, name: str) -> int:
    """In the other process: how many pages of the file can be bound. Raises where it is none."""
    import typst  # noqa: PLC0415  under the limits

    def set_page(number: int) -> None:
        text = (
            f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{name}", page: {number})'
        )
        typst.compile(text.encode(), root=root)  # type: ignore[type-var]

    if not name.endswith(".pdf"):
        typst.compile(f'#image("{name}")'.encode(), root=root)  # type: ignore[type-var]
        return 1
    try:
        set_page(10**6)
    except typst.TypstError as error:
        found = _ONLY.search(" ".join([str(error), *(error.hints or [])]))
        if found is None:
            raise
        pages = int(found[1])
    if pages > MOST_PAGES:
        return 0
    for number in range(1, pages + 1):
        set_page(number)
    return pages


def _bound(root: str, name: str) -> bytes:
    import fontpkg_ibm_plex_sans as latin  # noqa: PLC0415
    import fontpkg_ibm_plex_sans_arabic as arabic  # noqa: PLC0415
    import typst  # noqa: PLC0415

    pdf: bytes = typst.compile(  # type: ignore[misc]
        Path(root, name).read_bytes(),
        root=root,
        font_paths=[Path(latin.ROOT) / "files", Path(arabic.ROOT) / "files"],
        ignore_system_fonts=True,
    )
    return pdf


def _main(act: str, root: str, name: str, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if act == "try":
        sys.stdout.write(str(_pages(root, name)))
    else:
        sys.stdout.buffer.write(_bound(root, name))


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
