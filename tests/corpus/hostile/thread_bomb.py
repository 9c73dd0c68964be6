"""Starts threads for ever and keeps each one alive."""

import threading

gate = threading.Event()


def bce(probabilities, targets):
    while True:
        threading.Thread(target=gate.wait, daemon=True).start()
