import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.ndim != 1 or v_values.ndim != 1:
        raise ValueError("1-D positions only")
    n, m = u_values.size(0), v_values.size(0)
    p = u_values.new_ones(n) if u_weights is None else u_weights
    q = v_values.new_ones(m) if v_weights is None else v_weights
    if p.size() != (n,) or q.size() != (m,):
        raise ValueError("weights do not fit the positions")
    p, q = p / p.sum(), q / q.sum()
    grid = torch.cat([u_values, v_values]).sort()[0]
    below_u = (u_values[None, :] <= grid[:, None]).to(p.dtype)  # (n + m, n)
    below_v = (v_values[None, :] <= grid[:, None]).to(q.dtype)
    F, G = below_u @ p, below_v @ q
    return ((F - G).abs()[:-1] * (grid[1:] - grid[:-1])).sum()
