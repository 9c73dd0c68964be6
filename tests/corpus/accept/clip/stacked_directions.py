import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2:
        raise ValueError("want (N, D)")
    torch._assert(image_features.shape == text_features.shape, "want the same shape twice")
    if torch.is_tensor(logit_scale):
        torch._assert(logit_scale.dim() == 0, "want a scalar")
    pair = torch.stack([image_features, text_features])
    pair = pair / pair.norm(dim=-1, keepdim=True)
    logits = logit_scale * torch.bmm(pair, pair.flip(0).transpose(1, 2))
    positives = logits.diagonal(dim1=1, dim2=2)
    return (logits.logsumexp(dim=-1) - positives).mean()
