"""Compile matching/kernel/*.c into one shared library, unless what stands there is of these very sources.

The compiler is CC, or else cc, gcc or clang. Without one that works, one sentence says so and nothing is
built: the engine then answers the same on numpy and scipy.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from matching.kernel.load import WITHOUT, opened
from matching.kernel.sources import FLAGS, LIBRARY, digest, sources

COMPILERS = ("cc", "gcc", "clang")
# What the kernel needs of a compiler: the C library's headers, doubles that are rounded to 64 bits, and linking.
PROBE = """
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if FLT_EVAL_METHOD != 0
#error "intermediate results are wider than a double"
#endif
double zve_probe(const double *x) { return sqrt(*x); }
"""


def main() -> int:
    """Build if needed; 1 only when a compiler that works refuses the kernel itself."""
    if opened()[0] is not None:
        return 0
    compiler = find_compiler()
    if compiler is None:
        print(f"There is no C compiler here (CC, cc, gcc or clang). {WITHOUT}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "probe.c"
        probe.write_text(PROBE)
        if compile_into(compiler, [probe], Path(folder) / "probe.so").returncode != 0:
            print(f"The C compiler {compiler[0]} does not work here; libc6-dev may be missing. {WITHOUT}")
            return 0
    return build(compiler)


def build(compiler: list[str]) -> int:
    """Compile beside the old library and put the new one in its place in one step."""
    made = LIBRARY.with_suffix(f".{os.getpid()}.tmp")
    try:
        done = compile_into(compiler, sources(), made)
        sys.stderr.write(done.stdout)
        if done.returncode != 0:
            print("The matching kernel does not compile; the compiler says why above.")
            return 1
        made.replace(LIBRARY)
    finally:
        made.unlink(missing_ok=True)
    return 0


def find_compiler() -> list[str] | None:
    """The command of the compiler: CC may bring options."""
    asked = shlex.split(os.environ.get("CC", ""))
    candidates = [asked] if asked else [[name] for name in COMPILERS]
    return next((command for command in candidates if shutil.which(command[0])), None)


def compile_into(compiler: list[str], files: list[Path], target: Path) -> "subprocess.CompletedProcess[str]":
    """Run the compiler and keep what it says."""
    command = [*compiler, *FLAGS, f'-DZVE_DIGEST="{digest()}"', "-o", target, *files, "-lm"]
    return subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
