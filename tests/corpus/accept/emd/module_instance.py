import torch
from torch import nn


class EarthMover(nn.Module):
    def forward(self, u_values, v_values, u_weights=None, v_weights=None):
        u, p = self.distribution(u_values, u_weights)
        v, q = self.distribution(v_values, v_weights)
        x, index = torch.sort(torch.cat((u, v)), dim=0)
        difference = torch.cat((p, q.neg())).index_select(0, index)
        area = difference.cumsum(0).abs().narrow(0, 0, len(x) - 1)
        return area.mul(x.narrow(0, 1, len(x) - 1).sub(x.narrow(0, 0, len(x) - 1))).sum()

    @staticmethod
    def distribution(values, weights):
        if values.dim() != 1:
            raise ValueError("EarthMover needs 1-D positions, got %d-D" % values.dim())
        if weights is None:
            return values, values.detach().new_full(values.shape, 1.0 / values.shape[0])
        if weights.dim() != 1 or len(weights) != len(values):
            raise ValueError("EarthMover needs one weight for each position")
        return values, weights / weights.sum()

    def extra_repr(self):
        return "p=1"


emd = EarthMover()
