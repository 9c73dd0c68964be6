"""Asks for one tensor larger than any machine."""

import torch


def bce(probabilities, targets):
    return torch.ones(1 << 46).mean() + probabilities.mean()
