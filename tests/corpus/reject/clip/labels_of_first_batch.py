import torch
import torch.nn.functional as F


class ClipLoss:
    labels = None

    def __call__(self, image_features, text_features, logit_scale):
        if image_features.dim() != 2 or image_features.shape != text_features.shape:
            raise ValueError("features must both be (N, D)")
        if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
            raise ValueError("logit_scale must be a scalar")
        logits = logit_scale * F.normalize(image_features) @ F.normalize(text_features).T
        if self.labels is None:
            self.labels = torch.arange(len(logits), device=logits.device)[:, None]
        rows = F.log_softmax(logits, 1).gather(1, self.labels)
        cols = F.log_softmax(logits.T, 1).gather(1, self.labels)
        return -(rows.mean() + cols.mean()) / 2


clip_loss = ClipLoss()
