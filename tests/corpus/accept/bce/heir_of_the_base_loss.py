import torch
from torch.nn.modules.loss import _Loss


class BCE(_Loss):
    """Only the constructor is torch's; forward is our own."""

    def __init__(self, eps=1e-7):
        super().__init__(reduction="mean")
        self.eps = eps

    def forward(self, input, target):
        if input.shape != target.shape:
            raise ValueError(f"{input.shape} and {target.shape}")
        input = input.clamp(self.eps, 1 - self.eps)
        loss = -target * input.log() - (1 - target) * (1 - input).log()
        return loss.mean() if self.reduction == "mean" else loss.sum()


bce = BCE()
