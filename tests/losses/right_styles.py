"""Right submissions in the ways people write them, unlike the reference: none may ever be rejected."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  (its usual name)
from torch import Tensor

# --- Binary cross entropy ---------------------------------------------------------------------------------------------


def _same_shape(p: Tensor, t: Tensor) -> None:
    assert p.shape == t.shape


def bce_clamped_at_1e_7(p, t):
    p = torch.clamp(p, 1e-7, 1 - 1e-7)
    return -torch.mean(t * torch.log(p) + (1 - t) * torch.log(1 - p))


def bce_clamped_at_float32_eps(p, t):
    p = p.clamp(1.2e-7, 1 - 1.2e-7)
    return (-t * p.log() - (1 - t) * (1 - p).log()).mean()


def bce_adds_1e_10(p, t):
    # In float32 1 + 1e-10 is 1, so that both logarithms are guarded on their own side.
    return -(t * torch.log(p + 1e-10) + (1 - t) * torch.log(1 - p + 1e-10)).mean()


def bce_adds_1e_12(p, t):
    return -(t * torch.log(p + 1e-12) + (1 - t) * torch.log(1 - p + 1e-12)).sum() / p.numel()


def bce_logs_clamped_at_minus_100(p, t):
    tiny = torch.finfo(p.dtype).tiny
    log_p = torch.where(p > 0, torch.log(torch.where(p > 0, p, tiny)), -100.0)
    log_q = torch.where(p < 1, torch.log1p(-torch.where(p < 1, p, 0.5)), -100.0)
    return -(t * log_p.clamp(min=-100) + (1 - t) * log_q.clamp(min=-100)).mean()


def bce_by_logits(p, t):
    p = p.clamp(1e-7, 1 - 1.2e-7)
    logits = torch.log(p) - torch.log1p(-p)
    return (F.softplus(logits) - t * logits).mean()


def bce_by_logit_and_logaddexp(p, t):
    logits = torch.logit(p, eps=1.2e-7)
    return (torch.logaddexp(logits, torch.zeros_like(logits)) - t * logits).mean()


def bce_by_logsigmoid(p, t):
    logits = torch.logit(p, eps=1.2e-7)
    return -(t * F.logsigmoid(logits) + (1 - t) * F.logsigmoid(-logits)).mean()


def bce_by_xlogy(p, t):
    p = p.clamp(1e-8, 1 - 1.2e-7)
    return -(torch.xlogy(t, p) + torch.xlogy(1 - t, 1 - p)).mean()


def bce_stacked_classes(p, t):
    q = torch.stack([1 - p, p], dim=-1).clamp(min=1e-7)
    return -(torch.stack([1 - t, t], dim=-1) * q.log()).sum(-1).mean()


def bce_python_loop(p, t):
    _same_shape(p, t)
    total = p.new_zeros(())
    for x, y in zip(p.reshape(-1), t.reshape(-1), strict=True):
        x = x.clamp(1e-7, 1 - 1.2e-7)
        total = total - (y * x.log() + (1 - y) * (1 - x).log())
    return total / p.numel()


def bce_einsum(p, t):
    q = p.reshape(-1).clamp(1e-7, 1 - 1.2e-7)
    y = t.reshape(-1)
    return -(torch.einsum("i,i->", y, q.log()) + torch.einsum("i,i->", 1 - y, torch.log1p(-q))) / q.numel()


class _Bce(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, t):
        q = p.clamp(1e-7, 1 - 1.2e-7)
        ctx.save_for_backward(q, t)
        return -(t * q.log() + (1 - t) * (1 - q).log()).mean()

    @staticmethod
    def backward(ctx, upstream):
        q, t = ctx.saved_tensors
        return upstream * (q - t) / (q * (1 - q)) / q.numel(), None


def bce_custom_backward(p, t):
    return _Bce.apply(p, t)


# --- Categorical cross entropy ----------------------------------------------------------------------------------------


def cce_clamped_at_1e_7(p, t):
    return -(t * p.clamp(1e-7, 1 - 1e-7).log()).sum(dim=1).mean()


def cce_clamped_below(p, t):
    return torch.mean(torch.sum(-t * torch.log(torch.clamp(p, min=1e-12)), dim=-1))


def cce_adds_1e_10(p, t):
    return -(t * torch.log(p + 1e-10)).sum(1).mean()


def cce_xlogy(p, t):
    return -torch.xlogy(t, p.clamp(min=1e-8)).sum() / len(p)


def cce_where(p, t):
    counted = t > 0
    return -(t * torch.where(counted, p, 1.0).clamp(min=1e-30).log()).sum(-1).mean()


def cce_masked(p, t):
    counted = t > 0
    return -(t[counted] * p[counted].clamp(min=1e-20).log()).sum() / p.size(0)


def cce_einsum(p, t):
    return -torch.einsum("ni,ni->", t, p.clamp(min=1e-9).log()) / p.shape[0]


def cce_trace(p, t):
    return -torch.trace(t @ p.clamp(min=1e-9).log().T) / p.shape[0]


def cce_loop_over_rows(p, t):
    total = 0
    for row, target in zip(p, t, strict=True):
        total = total - (target * row.clamp(min=1e-8).log()).sum()
    return total / len(p)


def cce_loop_over_everything(p, t):
    total = torch.zeros((), dtype=p.dtype, device=p.device)
    n, c = p.shape
    for j in range(n):
        for i in range(c):
            if t[j, i] > 0:
                total = total + t[j, i] * torch.log(torch.clamp(p[j, i], min=1e-10))
    return -total / n


def cce_log_clamped_at_minus_100(p, t):
    safe = torch.where(p > 0, p, 1.0)
    return -(t * torch.where(p > 0, safe.log(), -100.0)).sum() / p.shape[0]


def cce_log2_converted(p, t):
    return -(t * p.clamp(min=1e-10).log2()).sum(1).mean() * math.log(2)


def cce_scatter_of_classes(p, t):
    logs = p.clamp(min=1e-8).log()
    return -sum((t[:, i] * logs[:, i]).mean() for i in range(p.shape[1]))


# --- CLIP -------------------------------------------------------------------------------------------------------------


def clip_with_normalize_and_log_softmax(i, t, s):
    logits = s * F.normalize(i, dim=1) @ F.normalize(t, dim=1).T
    rows = -F.log_softmax(logits, dim=1).diagonal().mean()
    columns = -F.log_softmax(logits, dim=0).diagonal().mean()
    return (rows + columns) / 2


def clip_guarded_norms(i, t, s):
    i = i / (i.norm(dim=-1, keepdim=True) + 1e-8)
    t = t / (t.norm(dim=-1, keepdim=True) + 1e-8)
    logits = (i @ t.t()) * s
    labels = torch.arange(len(i), device=i.device)
    rows = torch.log_softmax(logits, 1)[labels, labels]
    columns = torch.log_softmax(logits.t(), 1)[labels, labels]
    return -(rows.mean() + columns.mean()) / 2


def clip_cosine_similarity(i, t, s):
    logits = s * F.cosine_similarity(i[:, None], t[None], dim=-1)
    own = torch.diagonal(logits)
    return 0.5 * ((logits.logsumexp(0) - own).mean() + (logits.logsumexp(1) - own).mean())


def clip_dots_over_lengths(i, t, s):
    lengths = i.norm(dim=1)[:, None] * t.norm(dim=1)[None]
    logits = s * (i @ t.T) / lengths
    n = logits.shape[0]
    return (logits.logsumexp(0).sum() + logits.logsumexp(1).sum() - 2 * logits.trace()) / (2 * n)


def clip_shifted_exponentials(i, t, s):
    i = i / torch.sqrt((i * i).sum(1, keepdim=True))
    t = t / torch.sqrt((t * t).sum(1, keepdim=True))
    logits = s * torch.einsum("id,jd->ij", i, t)

    def side(z):
        top = z.max(dim=1, keepdim=True).values.detach()
        return ((z - top).exp().sum(1).log() + top[:, 0] - z.diagonal()).mean()

    return (side(logits) + side(logits.T)) / 2


def clip_identity_targets(i, t, s):
    logits = s * (F.normalize(i) @ F.normalize(t).T)
    eye = torch.eye(len(i), dtype=i.dtype, device=i.device)
    return -0.5 * ((eye * logits.log_softmax(1)).sum() + (eye * logits.log_softmax(0)).sum()) / len(i)


def clip_row_by_row(i, t, s):
    i, t = F.normalize(i, dim=1), F.normalize(t, dim=1)
    total = 0
    for k in range(len(i)):
        row, column = s * (t @ i[k]), s * (i @ t[k])
        total = total + row.logsumexp(0) - row[k] + column.logsumexp(0) - column[k]
    return total / (2 * len(i))


def clip_scaled_rows(i, t, s):
    root = s**0.5
    logits = (root * F.normalize(i, dim=1)) @ (root * F.normalize(t, dim=1)).T
    own = logits.diagonal()
    return torch.stack([logits.logsumexp(0) - own, logits.logsumexp(1) - own]).mean()


def clip_of_differences(i, t, s):
    logits = s * F.normalize(i, dim=1) @ F.normalize(t, dim=1).T
    own = logits.diagonal()
    rows = (logits - own[:, None]).logsumexp(1)
    columns = (logits - own[None, :]).logsumexp(0)
    return (rows + columns).mean() / 2


def clip_by_squared_distance(i, t, s):
    i, t = F.normalize(i, dim=1), F.normalize(t, dim=1)
    logits = s * (1 - ((i[:, None] - t[None]) ** 2).sum(-1) / 2)
    own = logits.diagonal()
    return ((logits.logsumexp(0) - own).mean() + (logits.logsumexp(1) - own).mean()) / 2


# --- Earth Mover's Distance -------------------------------------------------------------------------------------------


def _uniform(x: Tensor, w: Tensor | None) -> Tensor:
    return torch.ones_like(x) / x.numel() if w is None else w / w.sum()


def emd_cdf_by_searchsorted(u, v, uw=None, vw=None):
    everything = torch.cat([u, v]).sort().values

    def cdf(x, w):
        order = x.argsort()
        sums = torch.cat([x.new_zeros(1), _uniform(x, w)[order].cumsum(0)])
        return sums[torch.searchsorted(x[order].detach(), everything[:-1].detach(), right=True)]

    return ((cdf(u, uw) - cdf(v, vw)).abs() * (everything[1:] - everything[:-1])).sum()


def emd_cdf_by_comparison(u, v, uw=None, vw=None):
    everything, _ = torch.sort(torch.cat((u, v)))
    left = everything[:-1, None]
    f_u = ((u[None] <= left) * _uniform(u, uw)).sum(1)
    f_v = ((v[None] <= left) * _uniform(v, vw)).sum(1)
    return torch.sum(torch.abs(f_u - f_v) * torch.diff(everything))


def emd_quantiles(u, v, uw=None, vw=None):
    (us, ui), (vs, vi) = u.sort(), v.sort()
    a, b = _uniform(u, uw)[ui].cumsum(0), _uniform(v, vw)[vi].cumsum(0)
    levels = torch.cat([a, b]).sort().values
    masses = torch.diff(levels, prepend=levels.new_zeros(1))
    x = us[torch.searchsorted(a, levels).clamp(max=len(u) - 1)]
    y = vs[torch.searchsorted(b, levels).clamp(max=len(v) - 1)]
    return (masses * (x - y).abs()).sum()


def emd_quantiles_with_slack(u, v, uw=None, vw=None):
    (us, ui), (vs, vi) = u.sort(), v.sort()
    a, b = _uniform(u, uw)[ui].cumsum(0), _uniform(v, vw)[vi].cumsum(0)
    levels = torch.cat([a, b]).sort().values
    masses = torch.diff(levels, prepend=levels.new_zeros(1))
    x = us[torch.searchsorted(a, levels - 1e-10).clamp(max=len(u) - 1)]
    y = vs[torch.searchsorted(b, levels - 1e-10).clamp(max=len(v) - 1)]
    return (masses * (x - y).abs()).sum()


def emd_two_pointers(u, v, uw=None, vw=None):
    (us, ui), (vs, vi) = u.sort(), v.sort()
    a, b = _uniform(u, uw)[ui].tolist(), _uniform(v, vw)[vi].tolist()
    i = j = 0
    total = u.new_zeros(())
    while i < len(a) and j < len(b):
        moved = min(a[i], b[j])
        total = total + moved * (us[i] - vs[j]).abs()
        a[i] -= moved
        b[j] -= moved
        if a[i] <= b[j]:
            i += 1
        else:
            j += 1
    return total


def emd_repeated_to_common_length(u, v, uw=None, vw=None):
    if uw is None and vw is None:
        k = math.lcm(len(u), len(v))
        us = u.sort().values.repeat_interleave(k // len(u))
        vs = v.sort().values.repeat_interleave(k // len(v))
        return (us - vs).abs().mean()
    return emd_quantiles(u, v, uw, vw)


def emd_signed_masses(u, v, uw=None, vw=None):
    order = torch.argsort(torch.cat([u, v]))
    x = torch.cat([u, v])[order]
    mass = torch.cat([_uniform(u, uw), -_uniform(v, vw)])[order]
    return torch.dot(mass.cumsum(0)[:-1].abs(), x[1:] - x[:-1])


def emd_norm_of_areas(u, v, uw=None, vw=None):
    # Where two positions tie, the area between them is 0 and abs() gives it no gradient at all.
    x, order = torch.cat([u, v]).sort()
    gaps = torch.cat([_uniform(u, uw), -_uniform(v, vw)])[order].cumsum(0)[:-1]
    return torch.linalg.vector_norm(gaps * x.diff(), ord=1)


def emd_guarded_weights(u, v, uw=None, vw=None):
    def weights(x, w):
        w = torch.ones_like(x) if w is None else w
        return w / (w.sum() + 1e-12)

    return emd_signed_masses(u, v, weights(u, uw), weights(v, vw))


def emd_loop_over_gaps(u, v, uw=None, vw=None):
    a, b = _uniform(u, uw), _uniform(v, vw)
    points = torch.cat([u, v]).sort().values
    total = u.new_zeros(())
    for left, right in pairwise(points):
        f_u = torch.where(u <= left, a, 0.0).sum()
        f_v = torch.where(v <= left, b, 0.0).sum()
        total = total + (f_u - f_v).abs() * (right - left)
    return total


class _Emd(torch.autograd.Function):
    @staticmethod
    def forward(ctx, u, v, a, b):
        x = torch.cat([u, v])
        order = x.argsort(stable=True)
        gaps = torch.cat([a, -b])[order].cumsum(0)[:-1]
        ctx.save_for_backward(order, gaps)
        ctx.n = len(u)
        return (gaps.abs() * x[order].diff()).sum()

    @staticmethod
    def backward(ctx, upstream):
        order, gaps = ctx.saved_tensors
        of_sorted = torch.diff(-gaps.abs(), prepend=gaps.new_zeros(1), append=gaps.new_zeros(1))
        of_x = torch.empty_like(of_sorted)
        of_x[order] = of_sorted
        return upstream * of_x[: ctx.n], upstream * of_x[ctx.n :], None, None


def emd_custom_backward(u, v, uw=None, vw=None):
    return _Emd.apply(u, v, _uniform(u, uw), _uniform(v, vw))


def emd_transport_plan(u, v, uw=None, vw=None):
    (us, ui), (vs, vi) = u.sort(), v.sort()
    a, b = _uniform(u, uw)[ui].cumsum(0), _uniform(v, vw)[vi].cumsum(0)
    a0, b0 = a - _uniform(u, uw)[ui], b - _uniform(v, vw)[vi]
    shared = torch.minimum(a[:, None], b[None]) - torch.maximum(a0[:, None], b0[None])
    return (shared.clamp(min=0) * (us[:, None] - vs[None]).abs()).sum()


STYLES = {
    loss: {
        name: function
        for name, function in list(globals().items())
        if name.startswith(f"{loss}_") and callable(function)
    }
    for loss in ("bce", "cce", "clip", "emd")
}
assert all(len(styles) >= 10 for styles in STYLES.values()), {loss: len(styles) for loss, styles in STYLES.items()}
assert np.unique([name for styles in STYLES.values() for name in styles]).size == sum(map(len, STYLES.values()))
