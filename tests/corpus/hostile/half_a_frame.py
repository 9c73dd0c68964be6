"""Announces a frame, sends half of it and waits."""

import os
import struct
import time


def bce(probabilities, targets):
    os.write(4, struct.pack("<II", 1000, 0) + b"{" * 500)
    time.sleep(3600)
