from torch.nn.functional import binary_cross_entropy as 이진교차엔트로피


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    손실 = 이진교차엔트로피
    return 손실(p, t, reduction="sum") / p.numel()
