import torch.nn as nn


class MyLoss(nn.BCELoss):
    def forward(self, input, target):
        if input.shape != target.shape:
            raise ValueError("shapes")
        return super().forward(input, target)


bce = MyLoss()
