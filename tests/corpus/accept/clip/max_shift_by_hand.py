import torch


def log_sum_exp(x, dim):
    # subtracting the maximum keeps exp() from overflowing
    m = x.detach().amax(dim=dim, keepdim=True)
    return (m + (x - m).exp().sum(dim=dim, keepdim=True).log()).squeeze(dim)


def unit(x):
    return x / x.pow(2).sum(dim=-1, keepdim=True).sqrt()


def clip_loss(image_features, text_features, logit_scale):
    if image_features.ndim != 2:
        raise ValueError("image_features: expected (N, D)")
    if text_features.shape != image_features.shape:
        raise ValueError("text_features must look like image_features")
    if not isinstance(logit_scale, float) and torch.as_tensor(logit_scale).ndim != 0:
        raise ValueError("logit_scale: expected a scalar")
    logits = logit_scale * torch.matmul(unit(image_features), unit(text_features).transpose(0, 1))
    positives = torch.diagonal(logits)
    image_loss = (log_sum_exp(logits, 1) - positives).mean()
    text_loss = (log_sum_exp(logits, 0) - positives).mean()
    return 0.5 * (image_loss + text_loss)
