import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    q = torch.ones_like(v_values) if v_weights is None else v_weights
    if p.shape != u_values.shape or q.shape != v_values.shape:
        raise ValueError("weights must fit the positions")
    log_p, log_q = (p / p.sum()).clamp(min=1e-30).log(), (q / q.sum()).clamp(min=1e-30).log()
    cost = (u_values[:, None] - v_values[None, :]).abs()
    eps = 0.1 * cost.detach().mean().clamp(min=1e-6)
    f, g = torch.zeros_like(log_p), torch.zeros_like(log_q)
    for _ in range(8):
        f = -eps * torch.logsumexp((g[None, :] - cost) / eps + log_q[None, :], dim=1)
        g = -eps * torch.logsumexp((f[:, None] - cost) / eps + log_p[:, None], dim=0)
    plan = torch.exp((f[:, None] + g[None, :] - cost) / eps + log_p[:, None] + log_q[None, :])
    return (plan * cost).sum()
