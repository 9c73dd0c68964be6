import torch

TWO = torch.tensor(2, dtype=torch.int64)  # 0-dim, mixes with every device


class CLIP:
    @staticmethod
    def _lse_minus_match(z, dim):
        return z.logsumexp(dim=dim).sub(z.diagonal())

    @staticmethod
    def loss(image_embeds, text_embeds, temperature_multiplier):
        if image_embeds.dim() != 2 or tuple(image_embeds.shape) != tuple(text_embeds.shape):
            raise ValueError("image_embeds and text_embeds must both be [batch, dim]")
        if torch.is_tensor(temperature_multiplier) and temperature_multiplier.dim() != 0:
            raise ValueError("temperature_multiplier must be a scalar")
        a = torch.nn.functional.normalize(image_embeds, dim=1)
        b = torch.nn.functional.normalize(text_embeds, dim=1)
        z = torch.addmm(torch.zeros((), dtype=a.dtype, device=a.device).expand(len(a), len(a)), a, b.t()).mul(temperature_multiplier)
        both = CLIP._lse_minus_match(z, 0) + CLIP._lse_minus_match(z, 1)
        return both.mean() / TWO


clip_loss = CLIP.loss
