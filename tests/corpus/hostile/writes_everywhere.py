"""Writes, makes, links, renames, truncates and changes whatever it can name."""

import os
import sys
import tempfile
from pathlib import Path

import torch

torch_file = torch.__file__
repository = Path(sys.prefix).parent
folders = [".", "/tmp", "/var/tmp", "/dev/shm", "/run", "/", "/root", "/home", sys.prefix, os.path.dirname(os.__file__),
           str(repository), str(repository / "solutions"), os.path.expanduser("~")]


def attempt(what, action):
    try:
        action()
    except OSError as error:
        print("refused:", what, error.errno)
    else:
        print("REACHED:", what)


for folder in folders:
    name = os.path.join(folder, "hostile-was-here")
    attempt(f"write {name}", lambda: open(name, "w").write("x"))
    attempt(f"create {name}", lambda: os.close(os.open(name, os.O_CREAT | os.O_RDONLY)))
    attempt(f"nameless {name}", lambda: os.close(os.open(folder, os.O_TMPFILE | os.O_RDWR)))
    attempt(f"folder {name}", lambda: os.mkdir(name))
    attempt(f"symbolic link {name}", lambda: os.symlink("/etc/passwd", name))
    attempt(f"link {name}", lambda: os.link(torch_file, name))
    attempt(f"fifo {name}", lambda: os.mkfifo(name))
    attempt(f"device {name}", lambda: os.mknod(name, 0o600 | 0o20000, os.makedev(1, 3)))
for victim in (torch_file, os.__file__, str(repository / "pyproject.toml"), "/etc/hosts"):
    attempt(f"append {victim}", lambda: open(victim, "a").close())
    attempt(f"truncate {victim}", lambda: os.truncate(victim, os.stat(victim).st_size))
    attempt(f"mode {victim}", lambda: os.chmod(victim, os.stat(victim).st_mode))
    attempt(f"owner {victim}", lambda: os.chown(victim, -1, -1))
    attempt(f"times {victim}", lambda: os.utime(victim, None))
    attempt(f"attribute {victim}", lambda: os.setxattr(victim, "user.hostile", b"x"))
    attempt(f"rename {victim}", lambda: os.rename(victim, victim + "-hostile-was-here"))
    attempt(f"remove {victim}", lambda: os.unlink(victim))
attempt("temporary file", lambda: tempfile.TemporaryFile())


def bce(probabilities, targets):
    kept = probabilities.clamp(1e-12, 1 - 1e-12)
    return -(targets * kept.log() + (1 - targets) * (1 - kept).log()).mean()
