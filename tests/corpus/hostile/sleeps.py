"""Sleeps with every signal blocked that can be."""

import signal
import time


def bce(probabilities, targets):
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    time.sleep(3600)
