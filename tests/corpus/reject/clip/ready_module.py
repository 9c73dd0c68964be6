import torch
from torch import nn


class ClipLoss(nn.Module):
    def __init__(self):
        super().__init__()
        self.criterion = nn.CrossEntropyLoss()

    def forward(self, image_features, text_features, logit_scale):
        if image_features.dim() != 2 or image_features.shape != text_features.shape:
            raise ValueError("features must both be (N, D)")
        if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
            raise ValueError("logit_scale must be a scalar")
        i = nn.functional.normalize(image_features)
        t = nn.functional.normalize(text_features)
        logits = logit_scale * i @ t.T
        labels = torch.arange(logits.shape[0], device=logits.device)
        return (self.criterion(logits, labels) + self.criterion(logits.T, labels)) / 2


clip_loss = ClipLoss()
