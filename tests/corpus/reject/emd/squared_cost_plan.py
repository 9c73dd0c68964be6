import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    q = torch.ones_like(v_values) if v_weights is None else v_weights
    if p.shape != u_values.shape or q.shape != v_values.shape:
        raise ValueError("weights must fit the positions")
    u, i = u_values.sort()
    v, j = v_values.sort()
    A, B = (p[i] / p.sum()).cumsum(0), (q[j] / q.sum()).cumsum(0)
    A0, B0 = torch.cat([A.new_zeros(1), A[:-1]]), torch.cat([B.new_zeros(1), B[:-1]])
    plan = (torch.minimum(A[:, None], B) - torch.maximum(A0[:, None], B0)).clamp(min=0)
    cost = torch.square(u[:, None] - v[None, :])  # Euclidean distance
    return (plan * cost).sum()
