import warnings

import torch

print("=" * 30, "CCE", "=" * 30)


def cce(p, t):
    print("p =", p)
    print("row sums:", p.sum(1).tolist(), "largest", p.max().item())
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes do not fit")
    if bool((p == 0).any()):
        warnings.warn("some probabilities are exactly 0")
    loss = -(t * torch.log(p.clamp(min=1e-7))).sum(dim=1)
    print(f"worst row {int(loss.argmax())}: {float(loss.max()):.3f}")
    return loss.mean()
