import torch
from torch import nn


class ClipLoss(nn.Module):
    """Symmetric contrastive loss; has no parameters of its own."""

    def __init__(self):
        super().__init__()
        self.log_prob_rows = nn.LogSoftmax(dim=1)
        self.log_prob_cols = nn.LogSoftmax(dim=0)

    def forward(self, image_features, text_features, logit_scale):
        self._check(image_features, text_features, logit_scale)
        image_features = nn.functional.normalize(image_features, p=2, dim=-1)
        text_features = nn.functional.normalize(text_features, p=2, dim=-1)
        logits_per_image = logit_scale * image_features @ text_features.t()
        rows = self.log_prob_rows(logits_per_image)
        cols = self.log_prob_cols(logits_per_image)
        return -torch.stack([rows.diag(), cols.diag()]).mean()

    @staticmethod
    def _check(image, text, scale):
        if image.dim() != 2 or text.dim() != 2:
            raise ValueError("expected 2-D features")
        if image.shape != text.shape:
            raise ValueError("feature shapes differ: %s vs %s" % (tuple(image.shape), tuple(text.shape)))
        if torch.is_tensor(scale) and scale.dim() != 0:
            raise ValueError("logit_scale should be 0-dim")


clip_loss = ClipLoss()
