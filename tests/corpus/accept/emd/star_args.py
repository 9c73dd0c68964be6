import torch


def emd(*args, **options):
    if not 2 <= len(args) <= 4:
        raise TypeError("emd(u_values, v_values[, u_weights[, v_weights]])")
    u, v, p, q = (*args, None, None)[:4]
    p = options.get("u_weights", p)
    q = options.get("v_weights", q)
    pieces = []
    for x, w, sign in ((u, p, 1), (v, q, -1)):
        if x.dim() != 1 or (w is not None and w.shape != x.shape):
            raise ValueError("wrong shape")
        pieces.append(sign * (torch.full_like(x, 1 / len(x)) if w is None else w / w.sum()))
    x, k = torch.cat([u, v]).sort()
    return torch.linalg.vector_norm(torch.cat(pieces)[k].cumsum(0)[:-1] * (x[1:] - x[:-1]), ord=1)
