import torch
from torch import nn


class CCE(nn.Module):
    def __init__(self):
        super().__init__()
        self.nll = nn.NLLLoss(reduction="none")

    def forward(self, p, t):
        if p.dim() != 2 or p.shape != t.shape:
            raise ValueError("shapes")
        n, c = p.shape
        log_p = p.clamp(min=1e-12).log()
        every = torch.arange(c, device=p.device).repeat(n)
        losses = self.nll(log_p.repeat_interleave(c, dim=0), every).view(n, c)
        return (t * losses).sum(1).mean()


cce = CCE()
