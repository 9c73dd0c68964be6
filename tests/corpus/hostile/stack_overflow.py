"""Recurses through C until the stack is gone."""

import sys


class Deep:
    def __repr__(self):
        return repr(self)


def bce(probabilities, targets):
    sys.setrecursionlimit(2**31 - 1)
    repr(Deep())
