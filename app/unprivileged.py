"""The account under which a child process runs, and the leash that ends it with its parent.

PostgreSQL refuses to run as root. Started by root (a container, a fresh machine) it runs as a system account
of its own; started by anyone else, as that person.
"""

import ctypes
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ACCOUNT = "zorgvoorelkaar"

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_SET_SECUREBITS = 1, 8, 28
SECBIT_NO_SETUID_FIXUP = 4
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522

# Loaded here and not in the child: between fork and exec nothing may be imported.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """A user and group, as numbers, because an old data folder may belong to a user without a name."""

    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether this program already runs as it."""
        return self.uid == os.geteuid()

    def may(self, path: Path, bits: int) -> bool:
        """Whether it has these permission bits (4 read, 2 write, 1 enter or execute) on the path itself."""
        found = path.stat()
        if found.st_uid == self.uid:
            return (found.st_mode >> 6) & bits == bits
        if found.st_gid == self.gid:
            return (found.st_mode >> 3) & bits == bits
        return found.st_mode & bits == bits

    def reaches(self, path: Path) -> bool:
        """Whether the account may walk to the path, and enter or execute it."""
        return all(self.may(step, 1) for step in (path, *path.resolve().parents))


def account_of(folder: Path) -> Account:
    """The owner of a folder if it exists and is no root's; else the account that a new folder should get."""
    if folder.exists() and (found := folder.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid)
    return unprivileged()


def unprivileged() -> Account:
    """Ourselves, or for root the system account, made when it is missing; `nobody` where none can be made."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    entry = _entry(ACCOUNT) or _made() or pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd | None:
    """Make the system account. Another start may be making it too, and lock the file of users."""
    useradd = shutil.which("useradd")
    if useradd is None:
        return None
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    for _ in range(5):
        done = subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", ACCOUNT], capture_output=True, check=False
        )
        if entry := _entry(ACCOUNT):
            return entry
        if done.returncode not in (1, 10):
            return None
        time.sleep(0.5)
    return None


def make_folder(folder: Path, account: Account, mode: int = 0o700) -> None:
    """Make a folder of the account's.

    Raises PermissionError if a folder, or a link, of somebody else's already stands there: in a shared place
    like /tmp that would be a trap.
    """
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (account.uid, os.geteuid()):
            raise PermissionError(f"{folder} belongs to another user") from None
    folder.chmod(mode)
    if not account.is_ours:
        os.chown(folder, account.uid, account.gid)


def leash(account: Account, *paths: Path) -> Callable[[], None]:
    """What a child does between fork and exec: become the account, and end (SIGINT) when its parent ends.

    The kernel watches the thread that forked, so start the child from the main thread. Where root's folders
    (/root, a private temporary one) bar the account from `paths`, the child keeps root's right to pass them.
    """
    passes = not account.is_ours and not all(account.reaches(path) for path in paths)
    parent = os.getpid()

    def in_child() -> None:
        if not account.is_ours:
            _become(account, passes)
        if _libc is not None:
            # A shell lets what it puts in the background ignore SIGINT: a server that had not yet said what it does
            # with it would never hear that its parent is gone.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            # Last, because a change of user lifts it.
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return in_child


def _become(account: Account, passes: bool) -> None:
    if passes and _libc is not None:
        _libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        # Without it access(2), by which initdb looks for its sister programs, still answers as if nothing was kept.
        _libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    if passes and _libc is not None:
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        mask = 1 << CAP_DAC_OVERRIDE
        # Effective, permitted, inheritable; the second three are for the capabilities from number 32 on.
        _libc.capset(header, (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0))
        _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)
