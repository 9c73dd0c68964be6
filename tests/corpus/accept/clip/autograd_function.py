import torch


class _SymmetricInfoNCE(torch.autograd.Function):
    @staticmethod
    def forward(ctx, image, text, scale):
        i_norm = image.norm(dim=1, keepdim=True)
        t_norm = text.norm(dim=1, keepdim=True)
        i_hat, t_hat = image / i_norm, text / t_norm
        cos = i_hat @ t_hat.T
        logits = scale * cos
        rows = torch.log_softmax(logits, 1)
        cols = torch.log_softmax(logits, 0)
        ctx.save_for_backward(i_hat, t_hat, i_norm, t_norm, cos, rows, cols, scale)
        return -(rows.diagonal().mean() + cols.diagonal().mean()) / 2

    @staticmethod
    def backward(ctx, upstream):
        i_hat, t_hat, i_norm, t_norm, cos, rows, cols, scale = ctx.saved_tensors
        n = cos.shape[0]
        eye = torch.eye(n, dtype=cos.dtype, device=cos.device)
        # d loss / d logits = (softmax over rows + softmax over columns - 2 I) / 2N
        g = upstream * (rows.exp() + cols.exp() - 2 * eye) / (2 * n)
        g_scale = (g * cos).sum()
        g_cos = g * scale
        g_i, g_t = g_cos @ t_hat, g_cos.T @ i_hat
        # through x / |x|: remove the part along x, divide by the length
        g_image = (g_i - i_hat * (g_i * i_hat).sum(1, keepdim=True)) / i_norm
        g_text = (g_t - t_hat * (g_t * t_hat).sum(1, keepdim=True)) / t_norm
        return g_image, g_text, g_scale


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or text_features.dim() != 2:
        raise ValueError("features must be matrices")
    if image_features.size() != text_features.size():
        raise ValueError("as many texts as images, of the same width, please")
    scale = torch.as_tensor(logit_scale, dtype=image_features.dtype, device=image_features.device)
    if scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    return _SymmetricInfoNCE.apply(image_features, text_features, scale)
