import torch


@torch.jit.script
def both_sides(z: torch.Tensor) -> torch.Tensor:
    y = torch.arange(z.size(0), device=z.device)
    return (torch.nn.functional.cross_entropy(z, y) + torch.nn.functional.cross_entropy(z.t(), y)) / 2


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = image_features / image_features.norm(dim=1, keepdim=True)
    t = text_features / text_features.norm(dim=1, keepdim=True)
    return both_sides(logit_scale * i @ t.T)
