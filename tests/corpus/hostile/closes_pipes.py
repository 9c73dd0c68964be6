"""Closes every descriptor and waits."""

import os
import time


def bce(probabilities, targets):
    os.closerange(0, 64)
    time.sleep(3600)
