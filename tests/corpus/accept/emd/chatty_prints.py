import warnings

import torch

print("EMD 연습")


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError(f"1-D please, got {u_values.shape} and {v_values.shape}")
    if u_weights is None:
        print("no u_weights: uniform")
        u_weights = torch.ones_like(u_values)
    if v_weights is None:
        print("no v_weights: uniform")
        v_weights = torch.ones_like(v_values)
    if u_weights.shape != u_values.shape or v_weights.shape != v_values.shape:
        raise ValueError("weights of another shape")
    if abs(float(u_weights.sum()) - 1) > 1e-3:
        warnings.warn(f"u_weights sum to {u_weights.sum().item():.4f}, normalising")
    u_weights = u_weights / u_weights.sum()
    v_weights = v_weights / v_weights.sum()
    x, k = torch.sort(torch.cat([u_values, v_values]))
    c = torch.cat([u_weights, -v_weights])[k].cumsum(0)
    if bool((c[:-1].abs() < 1e-12).all()):
        print("the two distributions are the same")
    result = (c[:-1].abs() * x.diff()).sum()
    print("emd =", result)
    return result
