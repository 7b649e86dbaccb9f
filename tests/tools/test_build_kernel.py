"""The compiled kernel: built where it can be, left out with a sentence where it cannot."""

import ctypes
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from matching.kernel import load, sources
from tools import build_kernel

pytestmark = pytest.mark.skipif(build_kernel.find_compiler() is None, reason="there is no C compiler here")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A copy of the sources, in which nothing is built yet."""
    for path in [*sources.sources(), *sources.FOLDER.glob("*.h")]:
        shutil.copy(path, tmp_path)
    library = tmp_path / sources.LIBRARY.name
    monkeypatch.setattr(sources, "FOLDER", tmp_path)
    monkeypatch.setattr(load, "LIBRARY", library)
    monkeypatch.setattr(build_kernel, "LIBRARY", library)
    load.opened.cache_clear()
    yield tmp_path
    load.opened.cache_clear()


def built() -> ctypes.CDLL | None:
    """Build as `make` does, and open the result."""
    load.opened.cache_clear()
    assert build_kernel.main() == 0
    load.opened.cache_clear()
    return load.kernel()


def test_a_fresh_clone_builds_its_kernel_without_a_warning(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert load.kernel() is None
    load.opened.cache_clear()
    library = built()
    assert library is not None
    library.zve_digest.restype = ctypes.c_char_p
    assert library.zve_digest().decode() == sources.digest()
    assert capfd.readouterr() == ("", "")


def test_a_second_build_does_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built()
    monkeypatch.setattr(build_kernel, "build", lambda _: pytest.fail("built again"))
    assert built() is not None


def test_a_kernel_of_other_sources_is_not_used_until_it_is_built_anew(folder: Path) -> None:
    assert build_kernel.main() == 0
    with (folder / "kernel.c").open("a") as file:
        file.write("\nZVE int zve_new(void); int zve_new(void) { return 7; }\n")
    load.opened.cache_clear()
    assert load.opened() == (None, "it was built from other sources")
    library = built()
    assert library is not None
    assert library.zve_new() == 7


def test_without_a_compiler_one_sentence_says_what_runs_instead(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    assert build_kernel.main() == 0
    assert capfd.readouterr().out.count("\n") == 1
    assert not (folder / "libmatching.so").exists()
    load.opened.cache_clear()
    assert load.opened() == (None, "it was not built")


def test_a_compiler_that_does_not_work_is_as_good_as_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CC", "false")
    assert build_kernel.main() == 0
    assert "does not work here" in capfd.readouterr().out


def test_a_kernel_that_does_not_compile_fails_the_build_and_leaves_nothing(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken.c").write_text("this is no C\n")
    assert build_kernel.main() == 1
    assert "does not compile" in capfd.readouterr().out
    assert not list(folder.glob("libmatching*"))


def test_a_file_that_is_no_library_is_not_used(folder: Path) -> None:
    (folder / "libmatching.so").write_bytes(b"for another machine " + sources.digest().encode())
    assert load.kernel() is None
    assert load.opened()[1]
    assert built() is not None


def test_the_kernel_can_be_left_out(folder: Path) -> None:
    assert built() is not None
    with load.without_kernel():
        assert load.kernel() is None
    assert load.kernel() is not None
