"""Two normals of standard deviation 1 whose means are some distance apart: what each loss says of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

REACH = 12.0
STEP = 0.1
PLACES = tuple(STEP * place for place in range(-round(REACH / STEP), round(REACH / STEP) + 1))
MASSES = tuple(STEP * math.exp(-(x**2) / 2) / math.sqrt(2 * math.pi) for x in PLACES)


@dataclass(frozen=True)
class Apart:
    """At one distance; gradients are with respect to that distance."""

    emd: float
    jensen_shannon: float
    bce: float
    """Of the optimal discriminator p/(p + q), averaged over as many real as generated samples."""
    emd_gradient: float
    jensen_shannon_gradient: float
    """Also, with the other sign, the gradient of `bce`."""


@cache
def apart(distance: float) -> Apart:
    """N(0, 1) and N(distance, 1), distance ≥ 0.

    With l = log q/p = distance·x − distance²/2 both terms of the optimal discriminator's BCE are, by symmetry,
    E_p[log(1 + e^l)], and JS = log 2 − BCE. The trapezoidal rule on a smooth function that has died away at both ends
    is right to the last digits.
    """
    bce = slope = 0.0
    for x, mass in zip(PLACES, MASSES, strict=True):
        log_ratio = distance * x - distance**2 / 2
        power = math.exp(-abs(log_ratio))
        bce += mass * (max(log_ratio, 0.0) + math.log1p(power))
        slope += mass * (distance - x) * (1 if log_ratio > 0 else power) / (1 + power)
    return Apart(distance, math.log(2) - bce, bce, 1.0, slope)
