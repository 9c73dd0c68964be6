import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    q = torch.ones_like(v_values) if v_weights is None else v_weights
    if p.shape != u_values.shape or q.shape != v_values.shape:
        raise ValueError("weights must fit the positions")
    p, q = p / p.sum(), q / q.sum()
    events = list(zip(u_values.tolist(), p.tolist())) + [(x, -w) for x, w in zip(v_values.tolist(), q.tolist())]
    events.sort()
    options = dict(dtype=u_values.dtype, device=u_values.device)
    x = torch.tensor([e[0] for e in events], **options)
    w = torch.tensor([e[1] for e in events], **options)
    return (w.cumsum(0)[:-1].abs() * x.diff()).sum()
