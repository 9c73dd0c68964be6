"""Reads address 0."""

import ctypes


def bce(probabilities, targets):
    ctypes.string_at(0)
