"""CLIP's contrastive loss: the symmetric cross entropy of scaled cosine similarities against the diagonal."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from grader.losses._common import (
    EPS,
    constant_answer,
    detached_graph,
    float64,
    log_base,
    lower_precision,
    sign_flipped,
    within,
)
from grader.losses.base import Array, BadCall, Case, Loss, Mistake, Parameter, Probe, Tolerance, Value
from grader.messages import N_

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FORMULA = "½·[CE(s·ÎT̂ᵀ) + CE(s·T̂Îᵀ)]"
"""The same in every language; CE goes along the rows, which are the columns of the other matrix."""

GUARD = 1.1e-8
"""The most that may be added to a row's length before dividing by it."""

LOG_GUARD = 1.1e-8
"""The most that may be added inside the logarithm to a sum of exponentials whose largest is 1."""


def _checked(image_features: Tensor, text_features: Tensor, logit_scale: Tensor | float) -> None:
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError(f"want (N, D) twice, got {tuple(image_features.shape)} and {tuple(text_features.shape)}")
    if isinstance(logit_scale, Tensor) and logit_scale.dim() != 0:
        raise ValueError(f"want a 0-dim logit_scale, got {tuple(logit_scale.shape)}")


def _unit(features: Tensor, axis: int = 1) -> Tensor:
    """The features scaled to unit length along `axis`."""
    return features / features.square().sum(axis, keepdim=True).sqrt()


def _one_side(logits: Tensor, axis: int) -> Tensor:
    """Mean cross entropy of (N, N) logits against the diagonal, the softmax taken along `axis`."""
    return (torch.logsumexp(logits, axis) - logits.diagonal()).mean()


def _symmetric(logits: Tensor) -> Tensor:
    return (_one_side(logits, 1) + _one_side(logits, 0)) / 2


def reference(image_features: Tensor, text_features: Tensor, logit_scale: Tensor | float) -> Tensor:
    """Mean of the row-wise and the column-wise cross entropy of `logit_scale · Î T̂ᵀ` against the diagonal, 0-dim.

    Features are (N, D), of any length but zero; `logit_scale` is the multiplier itself, a float or a 0-dim tensor.
    Raises ValueError where the shapes do not fit. Source: Radford et al. 2021, arXiv:2103.00020, figure 3.
    """
    _checked(image_features, text_features, logit_scale)
    return _symmetric(logit_scale * _unit(image_features) @ _unit(text_features).T)


# --- Inputs -----------------------------------------------------------------------------------------------------------


def _features(rng: np.random.Generator, n: int, d: int) -> Array:
    """Drawn rows whose lengths lie between 0.5 and 8, none of them close to 0."""
    rows = rng.normal(size=(n, d))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True) * rng.uniform(0.5, 8, (n, 1)))


def _matched(rng: np.random.Generator, n: int, d: int, noise: float) -> tuple[Array, Array]:
    """Pairs that point in about the same direction, with lengths of their own."""
    images = _features(rng, n, d)
    texts = images + noise * np.linalg.norm(images, axis=1, keepdims=True) * _features(rng, n, d) / 8
    return images, texts * rng.uniform(0.5, 2, (n, 1))


def _exchanged(rng: np.random.Generator, n: int, d: int) -> tuple[Array, Array]:
    """Pairs that fit, but for the first two texts, which have changed places: a loss that no large scale makes 0."""
    images, texts = _matched(rng, n, d, 0.5)
    return images, texts[[1, 0, *range(2, n)]]


def _signs(rng: np.random.Generator, n: int) -> Array:
    """Rows of length D = 1: only their signs count, and both occur."""
    signs = np.where(np.arange(n) % 3 == 0, -1.0, 1.0)
    return np.asarray((rng.permutation(signs) * rng.uniform(0.5, 4, n))[:, None])


def cases(rng: np.random.Generator) -> Sequence[Case]:
    lengths = np.geomspace(2e-3, 900, 5)[:, None]
    uneven = _features(rng, 5, 6)
    uneven *= rng.permutation(lengths) / np.linalg.norm(uneven, axis=1, keepdims=True)
    unit = _features(rng, 4, 5)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    images = _features(rng, 4, 3)
    twins = images[[0, 1, 1, 3]]
    # Digits that float32 does not have, in every entry: thirds and sevenths of a thousand.
    long_images = 1e3 * np.array([[1 / 3, 2 / 7], [-1 / 7, 5 / 9], [4 / 9, -1 / 3]])
    long_texts = 1e3 * np.array([[-2 / 3, 1 / 9], [3 / 7, 4 / 11], [2 / 11, 5 / 7]])
    return (
        Case("2 pairs, scale 1", (_features(rng, 2, 2), _features(rng, 2, 2), 1.0)),
        Case("D > N", (_features(rng, 4, 8), _features(rng, 4, 8), np.array(rng.uniform(10, 18)))),
        Case("N > D", (_features(rng, 6, 3), _features(rng, 6, 3), 1 / 0.07)),
        Case("N = D", (_features(rng, 4, 4), _features(rng, 4, 4), np.array(rng.uniform(2, 4)))),
        Case("scale 100", (*_exchanged(rng, 3, 5), np.array(100.0))),
        Case("scale 100, a float", (_features(rng, 5, 4), _features(rng, 5, 4), 100.0)),
        Case("scale 0.002", (_features(rng, 5, 3), _features(rng, 5, 3), np.array(0.002))),
        Case("D = 1", (_signs(rng, 5), _signs(rng, 5), np.array(rng.uniform(1, 2)))),
        Case("D = 64", (_features(rng, 3, 64), _features(rng, 3, 64), np.array(rng.uniform(5, 9)))),
        Case("uneven lengths", (uneven, _features(rng, 5, 6), np.array(rng.uniform(4, 7)))),
        Case("uneven lengths of texts", (_features(rng, 5, 6), uneven, rng.uniform(4, 7))),
        Case("unit length already", (unit, _features(rng, 4, 5) / 3, np.array(rng.uniform(6, 9)))),
        Case("pairs that fit", (*_matched(rng, 8, 6, 1.0), np.array(rng.uniform(6, 8)))),
        Case("pairs that fit but two, scale 100", (*_exchanged(rng, 6, 4), np.array(100.0))),
        Case("opposed pairs", (images, -images + 0.3, np.array(rng.uniform(2, 3)))),
        Case("the same text twice", (_features(rng, 4, 3), twins, np.array(rng.uniform(8, 12)))),
        Case("strided", (_features(rng, 3, 7), _features(rng, 3, 7), np.array(3.5)), strided=(True, True, False)),
        # As many as a Python loop over all pairs does in seconds, and more than the usual chunks of 64 and 128.
        Case("136 pairs", (_features(rng, 136, 8), _features(rng, 136, 8), np.array(13.7)), dtypes=("float32",)),
        Case("finer than float32", (long_images, long_texts, np.array(700 / 9)), dtypes=("float64",)),
        Case("finer than float32, a float", (long_texts, long_images, 100 / 3), dtypes=("float64",)),
    )


def large(rng: np.random.Generator, n: int) -> tuple[Value, ...]:
    """`n` pairs of 64 features at CLIP's first temperature, 1 / 0.07."""
    return rng.normal(size=(n, 64)), rng.normal(size=(n, 64)), np.array(1 / 0.07)


def tolerance(arguments: tuple[Value, ...], dtype: str) -> Tolerance:
    """Errors of the logits carried through the loss: a dot product of D terms, two lengths, and a guard in each length.

    A logit s·cos is off by some s·eps·(a few + √D), and by s·|cos|·1e-8/length where 1e-8 was added to a length. The
    softmax turns an error δ of the logits into a relative error 2δ of each probability, and a guard in the logarithm
    into its own size. Where a pair's own logit is subtracted first, the errors of its row or column add up there. The
    gradient of a row of features is a sum of those, divided by the row's length.
    """
    images, texts, s = float64(arguments[0]), float64(arguments[1]), float(float64(arguments[2]))
    eps, n, d = EPS[dtype], images.shape[0], images.shape[1]
    lengths = [np.linalg.norm(features, axis=1) for features in (images, texts)]
    cosines = (images / lengths[0][:, None]) @ (texts / lengths[1][:, None]).T
    logits = s * cosines
    softmaxes = [_softmax(logits, 1), _softmax(logits, 0)]
    guards = [GUARD / length for length in lengths]

    of_logits = s * eps * (12 + 2 * math.sqrt(d)) + np.abs(logits) * (guards[0][:, None] + guards[1][None, :])
    own = np.diagonal(of_logits).mean()
    value = sum(own + (softmax * of_logits).sum() / n for softmax in softmaxes) / 2
    value += (16 + n) * eps * (1 + math.log(n)) + LOG_GUARD

    # Of G, the gradient with respect to the logits, and its error.
    g = (softmaxes[0] + softmaxes[1] - 2 * np.eye(n)) / (2 * n)
    of_g = np.zeros_like(g)
    for axis, softmax in zip((1, 0), softmaxes, strict=True):
        spread = of_logits + (softmax * of_logits).sum(axis, keepdims=True)
        of_own = (softmax * spread).sum(axis) * np.eye(n)
        of_g += (softmax * spread + of_own + 8 * eps * (softmax + np.eye(n)) + LOG_GUARD * softmax) / (2 * n)
    relative = eps * (12 + 2 * math.sqrt(d)) + 2 * (guards[0][:, None] + guards[1][None, :])
    of_cosines = 4 * s * (of_g + np.abs(g) * relative)
    gradients: list[Array | float | None] = []
    for axis, features in ((1, images), (0, texts)):
        of_rows = of_cosines.sum(axis)[:, None] / np.linalg.norm(features, axis=1, keepdims=True)
        gradients.append(np.broadcast_to(of_rows, features.shape))
    of_scale = 4 * float((of_g * np.abs(cosines) + np.abs(g) * relative).sum())
    gradients.append(of_scale if isinstance(arguments[2], np.ndarray) else None)
    return Tolerance(value=float(value), gradients=tuple(gradients))


def _softmax(logits: Array, axis: int) -> Array:
    shifted = np.exp(logits - logits.max(axis, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis, keepdims=True))


# --- Saturated softmax ------------------------------------------------------------------------------------------------


def _probe(name: str, images: Any, texts: Any, scale: float, dtype: str, tensor: bool) -> Probe:
    """Value and gradients as the float64 reference has them; the features are chosen so that float32 holds them."""
    rows = (np.asarray(images, dtype=np.float64), np.asarray(texts, dtype=np.float64))
    arguments: tuple[Value, ...] = (*rows, np.array(scale) if tensor else scale)
    inputs = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (*rows, scale)]
    expected = reference(*inputs)
    expected.backward()  # type: ignore[no-untyped-call]
    value, allowed = expected.item(), tolerance(arguments, dtype)
    right = [np.zeros(()) if tensor.grad is None else tensor.grad.numpy() for tensor in inputs]

    def accepts_gradients(gradients: Sequence[Array | None]) -> bool:
        for came, wanted, slack in zip(gradients, right, allowed.gradients, strict=False):
            if came is None or slack is None:
                continue
            if came.shape != wanted.shape or not bool((np.abs(came - wanted) <= slack).all()):
                return False
        return True

    return Probe(
        name=name,
        arguments=arguments,
        accepts_value=within(value - allowed.value, value + allowed.value),
        expected=f"{value:.6g} ± {allowed.value:.1g}",
        accepts_gradients=accepts_gradients,
        expected_gradients=N_("finite, as the reference's"),
        dtypes=(dtype,),
    )


def probes() -> Sequence[Probe]:
    images = [[1, 2, 0.5], [-1, 0.25, 1], [0.5, -1.5, 2], [2, 1, -1]]
    texts = [[1, 1, 0.5], [-0.5, 2, 1], [1, -1, 0.25], [0.25, 1.5, -1]]
    axes = np.eye(4)
    opposed = [[1, 0], [-1, 0]]
    found = []
    for dtype in ("float64", "float32"):
        for name, rows, columns, scale, tensor in (
            ("scale 1e4", images, texts, 1e4, True),
            ("scale 1e4, a float", images, texts, 1e4, False),
            ("scale 1000", texts, images, 1e3, True),
            ("scale 1e4, pairs exchanged", images, images[1:] + images[:1], 1e4, True),
            ("scale 1e4, images equal texts", axes, axes, 1e4, True),
            ("scale 1e4, opposed", axes, -axes, 1e4, True),
            ("scale 1e4, each other's opposite", opposed, opposed[::-1], 1e4, True),
            ("scale 1e4, all alike", np.ones((4, 4)), 2 * np.ones((4, 4)), 1e4, True),
            ("one pair", [[1, 2, 2]], [[2, 1, -2]], 14.0, True),
            ("one pair, scale 1e4", [[1, 2, 2]], [[2, 1, -2]], 1e4, True),
        ):
            found.append(_probe(name, rows, columns, scale, dtype, tensor))
    return tuple(found)


def bad_calls() -> Sequence[BadCall]:
    def call(name: str, images: tuple[int, ...], texts: tuple[int, ...], scale: Value = 10.0) -> BadCall:
        count = int(np.prod(images)), int(np.prod(texts))
        rows = [
            np.cos(np.arange(1.0, size + 1)).reshape(shape) for size, shape in zip(count, (images, texts), strict=True)
        ]
        return BadCall(name, (*rows, scale))

    return (
        call("(3, 4) and (3, 5)", (3, 4), (3, 5)),
        call("(3, 4) and (2, 4)", (3, 4), (2, 4)),
        call("(3, 4) and (1, 4)", (3, 4), (1, 4)),
        call("(1, 4) and (3, 4)", (1, 4), (3, 4)),
        call("(3, 4) and (4, 3)", (3, 4), (4, 3)),
        call("(3, 4) and (3, 1)", (3, 4), (3, 1)),
        call("(3, 4) and (4,)", (3, 4), (4,)),
        call("(4,) and (4,)", (4,), (4,)),
        call("(2, 3, 4) and (2, 3, 4)", (2, 3, 4), (2, 3, 4)),
        call("logit_scale of shape (3,)", (3, 4), (3, 4), np.array([1.0, 2.0, 3.0])),
        call("logit_scale of shape (3, 3)", (3, 4), (3, 4), np.full((3, 3), 2.0)),
    )


# --- Mistakes ---------------------------------------------------------------------------------------------------------


def _sum(image_features: Tensor, text_features: Tensor, logit_scale: Tensor | float) -> Tensor:
    """Adds the N cross entropies of each side up instead of averaging over them."""
    return reference(image_features, text_features, logit_scale) * image_features.shape[0]


def _image_side(image_features: Tensor, text_features: Tensor, logit_scale: Tensor | float) -> Tensor:
    """Asks of each image which text is its own, and never the other way."""
    return _one_side(logit_scale * _unit(image_features) @ _unit(text_features).T, 1)


def _text_side(image_features: Tensor, text_features: Tensor, logit_scale: Tensor | float) -> Tensor:
    """Asks of each text which image is its own, and never the other way."""
    return _one_side(logit_scale * _unit(image_features) @ _unit(text_features).T, 0)


def _unnormalised(images: bool, texts: bool) -> Callable[..., Tensor]:
    def unnormalised(image_features: Tensor, text_features: Tensor, logit_scale: Tensor | float) -> Tensor:
        """Takes dot products for cosines, so that long rows count more."""
        rows = image_features if images else _unit(image_features)
        columns = text_features if texts else _unit(text_features)
        return _symmetric(logit_scale * rows @ columns.T)

    return unnormalised


def _both_sides(image_features: Tensor, text_features: Tensor, logit_scale: Tensor | float) -> Tensor:
    """Adds the two sides without halving."""
    return 2 * reference(image_features, text_features, logit_scale)


def _divided(image_features: Tensor, text_features: Tensor, logit_scale: Tensor | float) -> Tensor:
    """Takes the multiplier for a temperature."""
    return _symmetric(_unit(image_features) @ _unit(text_features).T / logit_scale)


def _exponentiated(image_features: Tensor, text_features: Tensor, logit_scale: Tensor | float) -> Tensor:
    """Takes the multiplier for its logarithm."""
    scale = logit_scale.exp() if isinstance(logit_scale, Tensor) else math.exp(logit_scale)
    return reference(image_features, text_features, scale)


def _moderate_scale(arguments: tuple[Value, ...]) -> bool:
    """A multiplier whose exponential stays below 100, where CLIP's training code clamps it; float32 has its digits."""
    return float(float64(arguments[2])) <= 4.6


def _ignored(image_features: Tensor, text_features: Tensor, logit_scale: Tensor | float) -> Tensor:
    """Leaves the multiplier out: cosines in [−1, 1] can never make the softmax sure."""
    return reference(image_features, text_features, 1.0)


def _normalised_columns(image_features: Tensor, text_features: Tensor, logit_scale: Tensor | float) -> Tensor:
    """Scales the columns (one feature over the batch) to unit length, not the rows."""
    return _symmetric(logit_scale * _unit(image_features, 0) @ _unit(text_features, 0).T)


def _diagonal_only(image_features: Tensor, text_features: Tensor, logit_scale: Tensor | float) -> Tensor:
    """Pulls the pairs together and never pushes the others apart."""
    return -(logit_scale * (_unit(image_features) * _unit(text_features)).sum(1)).mean()


MISTAKES = (
    sign_flipped(reference, FORMULA),
    Mistake(
        id="sum-instead-of-mean",
        message={
            "ko": f"N 개의 교차 엔트로피를 평균 내지 않고 더하기만 해서 값이 N 배입니다. 정의 {FORMULA} 의 CE 는 "
            "행 N 개에 대한 평균입니다.",
            "en": "The N cross entropies are added up and not averaged, so the value is N times too large. In the "
            "definition "
            f"{FORMULA}, CE is a mean over the N rows.",
        },
        variants=(_sum,),
    ),
    log_base(reference, 2, FORMULA),
    log_base(reference, 10, FORMULA),
    detached_graph(reference, (0, 1, 2)),
    constant_answer(),
    lower_precision(reference),
    Mistake(
        id="image-side-only",
        message={
            "ko": "이미지마다 제 텍스트를 찾는 행 방향 손실만 있고 열 방향이 없습니다. "
            f"정의는 {FORMULA} 로, 행과 열 두 손실의 평균입니다.",
            "en": "Only the row-wise loss is there, each image looking for its text; the column-wise one is missing. "
            "The "
            f"definition is {FORMULA}, the mean of the two.",
        },
        variants=(_image_side,),
    ),
    Mistake(
        id="text-side-only",
        message={
            "ko": "텍스트마다 제 이미지를 찾는 열 방향 손실만 있고 행 방향이 없습니다. "
            f"정의는 {FORMULA} 로, 행과 열 두 손실의 평균입니다.",
            "en": "Only the column-wise loss is there, each text looking for its image; the row-wise one is missing. "
            "The "
            f"definition is {FORMULA}, the mean of the two.",
        },
        variants=(_text_side,),
    ),
    Mistake(
        id="not-normalised",
        message={
            "ko": "내적을 그대로 코사인처럼 씁니다: 특징 벡터의 길이가 값에 섞입니다. "
            "먼저 두 쪽 모두 각 행을 길이로 나누어 Î = I/‖I‖, T̂ = T/‖T‖ 로 만들어야 ÎT̂ᵀ 가 코사인이 됩니다.",
            "en": "Dot products are used as if they were cosines, so the rows' lengths get into the value. Both "
            "sides have to "
            "be scaled first, Î = I/‖I‖ and T̂ = T/‖T‖ row by row; only then is ÎT̂ᵀ a matrix of cosines.",
        },
        variants=(_unnormalised(True, True), _unnormalised(True, False), _unnormalised(False, True)),
    ),
    Mistake(
        id="sum-of-both-sides",
        message={
            "ko": f"행과 열 두 손실을 더하고 2 로 나누지 않아 값이 두 배입니다. 정의는 {FORMULA} 입니다.",
            "en": "The row-wise and the column-wise loss are added and not halved, so the value is twice too large. "
            "The "
            f"definition is {FORMULA}.",
        },
        variants=(_both_sides,),
    ),
    Mistake(
        id="scale-divides",
        message={
            "ko": "코사인을 logit_scale s 로 나눕니다. s 는 온도 τ 가 아니라 그 역수 1/τ 이므로, 로짓은 s·ÎT̂ᵀ 로 "
            "곱해야 합니다.",
            "en": "The cosines are divided by logit_scale s. It is no temperature τ but its inverse 1/τ: "
            "the logits are s·ÎT̂ᵀ, a product.",
        },
        variants=(_divided,),
    ),
    Mistake(
        id="scale-exponentiated",
        message={
            "ko": "logit_scale 에 exp 를 한 번 더 취해 로짓이 eˢ·ÎT̂ᵀ 가 됩니다. 여기서 s 는 이미 지수를 취한 "
            "배율이므로 s·ÎT̂ᵀ 입니다.",
            "en": "logit_scale is exponentiated once more, and the logits become eˢ·ÎT̂ᵀ. Here s is the multiplier "
            "itself, "
            "with the exponential already taken: s·ÎT̂ᵀ.",
        },
        variants=(_exponentiated,),
        applies=_moderate_scale,
    ),
    Mistake(
        id="scale-ignored",
        message={
            "ko": "logit_scale 이 값에 아무 영향도 주지 않습니다 (늘 s = 1). 로짓은 s·ÎT̂ᵀ 이고, s 에 대한 기울기도 "
            "흘러야 합니다.",
            "en": "logit_scale has no influence on the value, as if s were always 1. The logits are s·ÎT̂ᵀ, and s "
            "gets a "
            "gradient too.",
        },
        variants=(_ignored,),
    ),
    Mistake(
        id="normalised-over-the-batch",
        message={
            "ko": "행(한 샘플의 특징 D 개)이 아니라 열(한 특징의 샘플 N 개)을 단위 길이로 만듭니다. "
            "Îₙ = Iₙ/‖Iₙ‖ 은 샘플마다 특징 축을 따라 나눕니다.",
            "en": "The columns (one feature over N samples) are scaled to unit length and not the rows (one sample's D "
            "features). Îₙ = Iₙ/‖Iₙ‖ divides each sample along its features.",
        },
        variants=(_normalised_columns,),
    ),
    Mistake(
        id="diagonal-only",
        message={
            "ko": "대각선의 로짓 s·cos 만 −평균으로 쓰고 log Σ exp 가 없습니다. 교차 엔트로피는 짝이 아닌 N² − N "
            "쌍을 밀어내는 "
            "log Σⱼ e^{zᵢⱼ} 까지 더한 log Σⱼ e^{zᵢⱼ} − zᵢᵢ 입니다.",
            "en": "Only the diagonal logits are used, −mean of s·cos, without log Σ exp. The cross entropy is "
            "log Σⱼ e^{zᵢⱼ} − zᵢᵢ, whose first term pushes the N² − N other pairs apart.",
        },
        variants=(_diagonal_only,),
    ),
)


def diagnostic(rng: np.random.Generator) -> Sequence[Case]:
    """At least three pairs, N ≠ D, moderate lengths, scales on both sides of 1, small enough for exp but for one."""

    def rows(n: int, d: int) -> Array:
        features = _features(rng, n, d)
        return np.asarray(features / np.linalg.norm(features, axis=1, keepdims=True) * rng.uniform(0.6, 2.5, (n, 1)))

    return (
        Case("scale 2.5", (rows(3, 4), rows(3, 4), np.array(2.5))),
        Case("scale 0.4", (rows(4, 3), rows(4, 3), np.array(0.4))),
        Case("scale 4", (rows(5, 3), rows(5, 3), np.array(4.0))),
        Case("scale 3, a float", (rows(4, 6), rows(4, 6), 3.0)),
        Case("many pairs", (rows(9, 5), rows(9, 5), np.array(1.7))),
        Case("thirds", (1e3 * rows(3, 2) / 3, 1e3 * rows(3, 2) / 7, np.array(100 / 3)), dtypes=("float64",)),
        Case("pairs that fit", (*_matched(rng, 6, 4, 2.0), np.array(3.3))),
    )


def small_arguments() -> SearchStrategy[tuple[Value, ...]]:
    """(images, texts, scale) with two or three pairs of one to three plain features, no row of zeros; scale first 1."""
    from hypothesis import strategies as st

    number = st.sampled_from([1.0, 0.0, -1.0, 2.0, 0.5, 3.0, -2.0])

    def features(n: int, d: int) -> SearchStrategy[Array]:
        row = st.lists(number, min_size=d, max_size=d).filter(any)
        return st.lists(row, min_size=n, max_size=n).map(np.array)

    def filled(shape: tuple[int, int]) -> SearchStrategy[tuple[Value, ...]]:
        scale = st.sampled_from([1.0, 2.0, 0.5, 10.0, 100.0])
        either: SearchStrategy[Any] = st.one_of(scale, scale.map(np.array))
        drawn: Any = st.tuples(features(*shape), features(*shape), either)
        return drawn  # type: ignore[no-any-return]

    return st.sampled_from([(2, 1), (2, 2), (2, 3), (3, 2), (3, 3)]).flatmap(filled)


LOSS = Loss(
    id="clip",
    entry="clip_loss",
    title={"ko": "CLIP 대조 손실", "en": "CLIP's contrastive loss"},
    summary={
        "ko": "짝인 이미지와 텍스트는 당기고 나머지 N² − N 쌍은 밀어내는 대칭 교차 엔트로피입니다.",
        "en": "A symmetric cross entropy that pulls matching images and texts together and pushes the N² − N others "
        "apart.",
    },
    difficulty=2,
    parameters=(
        Parameter(
            name="image_features",
            shape="(N, D)",
            meaning={
                "ko": "이미지 N 장의 특징; 길이가 1 이 아닐 수 있습니다.",
                "en": "Features of N images, not necessarily of unit length.",
            },
            differentiable=True,
        ),
        Parameter(
            name="text_features",
            shape="(N, D)",
            meaning={
                "ko": "텍스트 N 개의 특징; n 번째 이미지의 짝은 n 번째 텍스트입니다.",
                "en": "Features of N texts; the n-th text belongs to the n-th image.",
            },
            differentiable=True,
        ),
        Parameter(
            name="logit_scale",
            shape="()",
            meaning={
                "ko": "양수 배율 s 그 자체 (이미 exp 를 취한 값), 파이썬 float 또는 0차원 텐서.",
                "en": "The positive multiplier s itself (already exponentiated), a float or a 0-dim tensor.",
            },
            differentiable=True,
        ),
    ),
    formula=(
        r"L = \frac{1}{2N} \sum_{i=1}^{N} \left[ \Bigl(\log \sum_{j} e^{z_{ij}} - z_{ii}\Bigr) "
        r"+ \Bigl(\log \sum_{j} e^{z_{ji}} - z_{ii}\Bigr) \right], \quad "
        r"z_{ij} = s\, \frac{I_i \cdot T_j}{\lVert I_i \rVert\, \lVert T_j \rVert}"
    ),
    rules=(
        {
            "ko": "각 행을 단위 길이로 만든 뒤 s·ÎT̂ᵀ 의 행 방향과 열 방향 교차 엔트로피(정답은 대각선)의 평균을 "
            "0차원 텐서로 돌려줍니다.",
            "en": "Scale each row to unit length and return, as a 0-dim tensor of the inputs' dtype and device, the "
            "mean of the "
            "row-wise and the column-wise cross entropy of s·ÎT̂ᵀ against the diagonal.",
        },
        {
            "ko": "logit_scale 은 온도도 로그도 아닌 배율 그 자체입니다. float 이든 0차원 텐서든 받아야 합니다.",
            "en": "logit_scale is the multiplier itself, neither a temperature nor a logarithm; take a float or a "
            "0-dim tensor.",
        },
        {
            "ko": "logit_scale 이 1e4 여도 값과 기울기가 유한하고 맞아야 합니다 (log-sum-exp).",
            "en": "Up to logit_scale = 1e4 the value and the gradients stay finite and right (log-sum-exp).",
        },
        {
            "ko": "모양이 (N, D) 로 같지 않거나 2차원이 아니면 예외를 일으킵니다.",
            "en": "Raise an error where the features are not 2-D or their shapes differ.",
        },
        {
            "ko": "이미 만들어진 손실(torch.nn.functional.cross_entropy 등)을 부르지 않고 기본 텐서 연산으로 씁니다.",
            "en": "Write it from tensor primitives; do not call a ready-made loss such as "
            "torch.nn.functional.cross_entropy.",
        },
        {
            "ko": "새 텐서는 입력의 device 에 만들고, 인자를 바꾸지 않습니다. 기울기는 세 인자 모두에 대해 확인합니다.",
            "en": "Create new tensors on the inputs' device and change no argument. The gradient is checked for all "
            "three.",
        },
    ),
    example=(
        ">>> clip_loss(torch.tensor([[2.0, 0.0], [0.0, 1.0]]), torch.tensor([[1.0, 1.0], [0.0, 3.0]]), 1.0)\n"
        "tensor(0.4912)"
    ),
    sources=(
        "Radford et al.: Learning Transferable Visual Models From Natural Language Supervision (arXiv:2103.00020)",
        "van den Oord, Li, Vinyals: Representation Learning with Contrastive Predictive Coding (arXiv:1807.03748)",
        "Zhang et al.: Contrastive Learning of Medical Visual Representations, equations 2 to 4 (arXiv:2010.00747)",
    ),
    reference=reference,
    cases=cases,
    large=large,
    sizes=(32, 96, 288),
    probes=probes,
    bad_calls=bad_calls,
    diagnostic=diagnostic,
    tolerance=tolerance,
    mistakes=MISTAKES,
    shrink=small_arguments,
)
