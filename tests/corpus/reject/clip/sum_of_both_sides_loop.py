import torch


class BothSides(torch.nn.Module):
    def forward(self, image_features, text_features, logit_scale):
        if image_features.dim() != 2 or image_features.shape != text_features.shape:
            raise ValueError("features must both be (N, D)")
        if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
            raise ValueError("logit_scale must be a scalar")
        sides = [image_features / image_features.norm(dim=1, keepdim=True),
                 text_features / text_features.norm(dim=1, keepdim=True)]
        loss = 0.0
        for query, key in (sides, sides[::-1]):
            scores = logit_scale * query @ key.T
            loss += (scores.logsumexp(1) - scores.diagonal()).mean()
        return loss


clip_loss = BothSides()
