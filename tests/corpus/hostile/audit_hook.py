"""Installs an audit hook and import hooks that raise in the runner's own code."""

import builtins
import sys

armed = []


def hook(event, arguments):
    if armed and event.startswith(("import", "open", "compile", "os.")):
        raise SystemExit(0)


sys.addaudithook(hook)
builtins.__import__ = None


def bce(probabilities, targets):
    armed.append(True)
    return probabilities.sum()
