"""Two normals of standard deviation 1 whose means are some distance apart: what each loss says of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

REACH = 12.0
POINTS = 4001


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


def apart(distance: float) -> Apart:
    """N(0, 1) and N(distance, 1), distance ≥ 0.

    With l = log q/p = distance·x − distance²/2 both terms of the optimal discriminator's BCE are, by symmetry,
    E_p[log(1 + e^l)], and JS = log 2 − BCE. The trapezoidal rule on a smooth function that has died away at both ends
    is right to the last digits.
    """
    x = np.linspace(-REACH, REACH, POINTS)
    density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    log_ratio = distance * x - distance**2 / 2
    bce = float(np.trapezoid(density * np.logaddexp(0, log_ratio), x))
    generated = 1 / (1 + np.exp(-log_ratio))
    slope = float(np.trapezoid(density * generated * (distance - x), x))
    return Apart(distance, math.log(2) - bce, bce, 1.0, slope)
