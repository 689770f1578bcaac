"""The first page of a PDF as a picture, drawn by typst, which transcripts are set with.

A stranger's PDF is read in a process of its own, which may have so much memory and so much time:
whatever the file makes it do, nothing but that process ends.
"""

import contextlib
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MEMORY = 1024**3  # bytes of addresses, most of which are never touched
SECONDS = 5  # of computing; on the clock twice as many
LARGEST = 8 * 1024**2  # bytes of a picture that is taken

# As large as it fits into a frame: a page may be of any size, and one of a metre by a millimetre.
SOURCE = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#context {
  let size = measure(image("in.pdf", page: 1))
  let scale = calc.min(360pt / size.width, 480pt / size.height)
  image("in.pdf", page: 1, width: size.width * scale, height: size.height * scale)
}
"""


def first_page(path: Path, *, seconds: int = SECONDS) -> bytes | None:
    """The first page of the PDF at `path` as a PNG; None where it could not be drawn in time."""
    with tempfile.TemporaryDirectory() as directory:
        shutil.copyfile(path, Path(directory) / "in.pdf")
        command = [sys.executable, "-I", __file__, directory, str(seconds)]
        with contextlib.suppress(subprocess.TimeoutExpired):
            done = subprocess.run(  # noqa: S603  all of it is ours
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=2 * seconds,
                cwd=directory,
                env={},
                check=False,
            )
            if done.returncode == 0 and 0 < len(done.stdout) <= LARGEST:
                return done.stdout
    return None


def _draw(directory: str, seconds: int) -> None:
    """In the other process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    import typst  # noqa: PLC0415  under the limits

    drawn = typst.compile(  # type: ignore[call-overload]  # its types know one file only
        SOURCE, root=directory, format="png", ppi=96.0
    )
    sys.stdout.buffer.write(drawn if isinstance(drawn, bytes) else drawn[0])


if __name__ == "__main__":
    _draw(sys.argv[1], int(sys.argv[2]))
