import itertools

import torch


def pairwise(items):
    a, b = itertools.tee(items)
    next(b, None)
    return zip(a, b)


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if len(u_values.shape) != 1 or len(v_values.shape) != 1:
        raise ValueError("vectors only")
    u_weights = u_weights if u_weights is not None else torch.ones_like(u_values)
    v_weights = v_weights if v_weights is not None else torch.ones_like(v_values)
    if u_weights.shape != u_values.shape or v_weights.shape != v_values.shape:
        raise ValueError("weights must match")
    u_share = u_weights / u_weights.sum()
    v_share = v_weights / v_weights.sum()
    events = [(x, w) for x, w in zip(u_values.unbind(), u_share.unbind())]
    events += [(x, -w) for x, w in zip(v_values.unbind(), v_share.unbind())]
    events.sort(key=lambda event: event[0].item())
    carried = itertools.accumulate((w for _, w in events), torch.add)
    return sum(c.abs() * (right - left) for c, (left, right) in zip(carried, pairwise(x for x, _ in events)))
