import torch


class Clip(torch.autograd.Function):
    @staticmethod
    def forward(ctx, image, text, scale):
        with torch.enable_grad():
            leaves = [x.detach().requires_grad_() for x in (image, text, scale)]
            i, t = (x / x.norm(dim=1, keepdim=True) for x in leaves[:2])
            z = leaves[2] * i @ t.T
            loss = -(z.log_softmax(0) + z.log_softmax(1)).diagonal().mean() / 2
            ctx.save_for_backward(*torch.autograd.grad(loss, leaves))
        return loss.detach()

    @staticmethod
    def backward(ctx, grad_output):
        return ctx.saved_tensors


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    scale = torch.as_tensor(logit_scale, dtype=image_features.dtype, device=image_features.device)
    if scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    return Clip.apply(image_features, text_features, scale)
