import torch


def cce(p, t):
    # 메모장이 붙인 BOM 과 CRLF
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    eps = 1e-7
    return -torch.mean(torch.sum(t * torch.log(p.clamp(eps, 1 - eps)), dim=1))
