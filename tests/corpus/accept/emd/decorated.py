from functools import wraps

import torch


def with_weights(function):
    """Replaces missing weights by uniform ones and scales both to sum one."""

    @wraps(function)
    def wrapper(u, v, u_weights=None, v_weights=None):
        normalised = []
        for x, w in ((u, u_weights), (v, v_weights)):
            if x.dim() != 1:
                raise TypeError("positions must be 1-D, got shape %s" % (tuple(x.shape),))
            if w is None:
                w = torch.ones_like(x)
            if w.shape != x.shape:
                raise TypeError("weights of shape %s for positions of shape %s" % (tuple(w.shape), tuple(x.shape)))
            normalised.append(torch.div(w, w.sum()))
        return function(u, v, *normalised)

    return wrapper


@with_weights
def emd(u, v, u_weights, v_weights):
    x, order = torch.cat([u, v]).sort()
    jump = torch.cat([u_weights, torch.zeros_like(v_weights)])[order], torch.cat([torch.zeros_like(u_weights), v_weights])[order]
    F_u, F_v = (j.cumsum(0)[:-1] for j in jump)
    return ((torch.maximum(F_u, F_v) - torch.minimum(F_u, F_v)) * x.diff()).sum()
