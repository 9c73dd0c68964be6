import torch


class Clip(torch.autograd.Function):
    @staticmethod
    def forward(ctx, image, text, scale):
        i = image / image.norm(dim=1, keepdim=True)
        t = text / text.norm(dim=1, keepdim=True)
        z = scale * i @ t.T
        rows, cols = z.log_softmax(1), z.log_softmax(0)
        ctx.save_for_backward(i, t, scale, rows, cols)
        return -(rows.diagonal() + cols.diagonal()).mean() / 2

    @staticmethod
    def backward(ctx, g):
        i, t, scale, rows, cols = ctx.saved_tensors
        n = len(i)
        eye = torch.eye(n, dtype=i.dtype, device=i.device)
        dz = g * (rows.exp() + cols.exp() - 2 * eye) / (2 * n)
        return scale * dz @ t, scale * dz.T @ i, (dz * (i @ t.T)).sum()


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    scale = torch.as_tensor(logit_scale, dtype=image_features.dtype, device=image_features.device)
    if scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    return Clip.apply(image_features, text_features, scale)
