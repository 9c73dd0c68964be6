import torch


class Contrastive:
    __slots__ = ("weight_image", "weight_text")

    def __init__(self, weight_image=0.5, weight_text=0.5):
        self.weight_image = weight_image
        self.weight_text = weight_text

    def cosine(self, a, b):
        return torch.mm(a, b.t()) / torch.outer(a.norm(dim=1), b.norm(dim=1))

    def __call__(self, image_features, text_features, logit_scale):
        if image_features.shape != text_features.shape or len(image_features.shape) != 2:
            raise ValueError("both inputs have to be (N, D)")
        if getattr(logit_scale, "shape", ()) != ():
            raise ValueError("logit_scale has to be a scalar")
        logits = self.cosine(image_features, text_features) * logit_scale
        matched = logits.diagonal()
        per_image = torch.logsumexp(logits, dim=1) - matched
        per_text = torch.logsumexp(logits, dim=0) - matched
        return self.weight_image * per_image.mean() + self.weight_text * per_text.mean()


clip_loss = Contrastive()
