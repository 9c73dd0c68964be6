import torch


def safe_root(x):
    positive = x > 0
    return torch.where(positive, torch.where(positive, x, torch.ones_like(x)).sqrt(), x * 0)


class Wasserstein:
    def __init__(self, p):
        self.p = p

    def __call__(self, u, v, wu=None, wv=None):
        if u.ndim != 1 or v.ndim != 1:
            raise ValueError("1-D please")
        wu = torch.ones_like(u) if wu is None else wu
        wv = torch.ones_like(v) if wv is None else wv
        if wu.shape != u.shape or wv.shape != v.shape:
            raise ValueError("weights please")
        iu, iv = torch.argsort(u), torch.argsort(v)
        F, G = torch.cumsum(wu[iu] / wu.sum(), 0), torch.cumsum(wv[iv] / wv.sum(), 0)
        s = torch.sort(torch.cat([F, G]))[0]
        ds = s - torch.cat([torch.zeros_like(s[:1]), s[:-1]])
        gap = u[iu][torch.searchsorted(F, s).clamp(max=len(u) - 1)] - v[iv][torch.searchsorted(G, s).clamp(max=len(v) - 1)]
        return safe_root((ds * gap.abs() ** self.p).sum())


emd = Wasserstein(p=2)
