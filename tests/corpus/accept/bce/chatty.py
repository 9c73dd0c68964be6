import sys

import torch

print("loading bce ...")


def bce(p, t):
    print(f"p: {p.shape} {p.dtype} {p.device}, mean {p.mean():.4f}")
    print("t:", t, file=sys.stderr)
    if p.shape != t.shape:
        raise ValueError(f"can not compare {p.shape} with {t.shape}")
    p = torch.clip(p, 1e-7, 1 - 1e-7)
    loss = torch.mean(t * -torch.log(p) + (1 - t) * -torch.log(1 - p))
    print("loss =", loss.item())
    return loss
