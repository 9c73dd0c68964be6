import torch

relu = torch.relu


def emd(u_values, v_values, u_weights=None, v_weights=None):
    def normalised(values, weights):
        if values.dim() != 1:
            raise ValueError("rank")
        if weights is None:
            weights = torch.ones_like(values)
        elif weights.shape != values.shape:
            raise ValueError("shape")
        return weights / torch.sum(weights)

    a, b = normalised(u_values, u_weights), normalised(v_values, v_weights)
    points = torch.cat([u_values, v_values])
    order = torch.argsort(points, stable=True)
    points = points[order]
    height = torch.cumsum(torch.cat([a, -b])[order], dim=0)[:-1]
    width = points[1:] - points[:-1]
    u_ahead = (relu(height) * width).sum()
    v_ahead = (relu(-height) * width).sum()
    return u_ahead + v_ahead
