import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    p = torch.full_like(u_values, 1 / len(u_values)) if u_weights is None else u_weights
    q = torch.full_like(v_values, 1 / len(v_values)) if v_weights is None else v_weights
    if p.shape != u_values.shape or q.shape != v_values.shape:
        raise ValueError("weights must fit the positions")
    u_sorted, i = u_values.sort()
    v_sorted, j = v_values.sort()
    earth, holes = p.detach()[i].tolist(), q.detach()[j].tolist()
    a = b = 0
    work = 0
    while a < len(earth) and b < len(holes):
        moved = min(earth[a], holes[b])
        work = work + moved * (u_sorted[a] - v_sorted[b]).abs()
        earth[a] -= moved
        holes[b] -= moved
        if earth[a] <= 1e-12:
            a += 1
        if holes[b] <= 1e-12:
            b += 1
    return work
