"""Looks for secrets in the environment, the arguments and the open descriptors."""

import os
import stat
import sys

for name, value in os.environ.items():
    if "SECRET" in name or len(value) > 1 and value.startswith("/") and value != "/nonexistent":
        print("REACHED:", name)
if any("/" in argument or "{" in argument for argument in sys.argv):
    print("REACHED: arguments", sys.argv)
for descriptor in range(3, 1024):
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        continue
    if descriptor > 4 or not stat.S_ISFIFO(mode):
        print("REACHED: descriptor", descriptor, stat.filemode(mode))
if os.listdir("."):
    print("REACHED: something in the current folder")


def bce(probabilities, targets):
    kept = probabilities.clamp(1e-12, 1 - 1e-12)
    return -(targets * kept.log() + (1 - targets) * (1 - kept).log()).mean()
