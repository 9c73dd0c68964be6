import torch
import torch.nn.functional as F


class clip_loss(torch.nn.Module):
    def forward(self, image_features, text_features, logit_scale):
        logits = logit_scale * F.normalize(image_features) @ F.normalize(text_features).T
        return -(F.log_softmax(logits, 0) + F.log_softmax(logits, 1)).diagonal().mean() / 2
