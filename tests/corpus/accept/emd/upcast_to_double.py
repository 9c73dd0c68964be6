import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    out_dtype = u_values.dtype
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("u_values and v_values have to be 1-D")
    u = u_values.to(torch.float64)
    v = v_values.to(torch.float64)
    pu = torch.ones_like(u) if u_weights is None else u_weights.to(torch.float64)
    pv = torch.ones_like(v) if v_weights is None else v_weights.to(torch.float64)
    if pu.shape != u.shape or pv.shape != v.shape:
        raise ValueError("weights have to be as long as the values")
    pu, pv = pu / pu.sum(), pv / pv.sum()
    x, i = torch.sort(torch.cat([u, v]))
    c = torch.cumsum(torch.cat([pu, -pv])[i], 0)
    return (c[:-1].abs() * (x[1:] - x[:-1])).sum().to(out_dtype)
