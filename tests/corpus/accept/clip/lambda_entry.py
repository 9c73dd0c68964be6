import torch

_unit = lambda x: x / (x * x).sum(1, keepdim=True) ** 0.5
_nll = lambda z: (torch.logsumexp(z, 1) - z.diagonal()).mean()


def _checked(x, y, s):
    if not (x.ndim == 2 and x.shape == y.shape):
        raise ValueError("(N, D) and (N, D), please")
    if torch.is_tensor(s) and s.ndim != 0:
        raise ValueError("the scale is one number")
    return _unit(x) @ _unit(y).T * s


clip_loss = lambda x, y, s: (lambda z: (_nll(z) + _nll(z.T)) / 2)(_checked(x, y, s))
