import torch


def clip_loss(image_features, text_features, logit_scale):
    assert image_features.dim() == 2 and image_features.shape == text_features.shape
    if torch.is_tensor(logit_scale):
        assert logit_scale.dim() == 0
        logit_scale = logit_scale.item()
    logit_scale = torch.tensor(logit_scale, dtype=image_features.dtype, device=image_features.device)
    unit = torch.nn.functional.normalize
    z = torch.mm(unit(image_features), unit(text_features).t()) * logit_scale
    nll = lambda m: (torch.logsumexp(m, dim=1) - m.diagonal()).mean()
    return (nll(z) + nll(z.t())) / 2
