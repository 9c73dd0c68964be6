import torch


def make_clip_loss(axes=(0, 1)):
    """Returns the loss averaged over the given axes of the similarity matrix."""

    def negative_log_likelihood(logits, axis):
        return (torch.logsumexp(logits, dim=axis) - logits.diagonal()).mean()

    def loss(image_features, text_features, logit_scale):
        if image_features.ndim != 2 or text_features.ndim != 2 or image_features.shape != text_features.shape:
            raise ValueError("shapes must be equal and two-dimensional")
        if hasattr(logit_scale, "ndim") and logit_scale.ndim != 0:
            raise ValueError("scale must be a scalar")
        image_unit = image_features * image_features.square().sum(1, keepdim=True).rsqrt()
        text_unit = text_features * text_features.square().sum(1, keepdim=True).rsqrt()
        logits = (logit_scale * image_unit).matmul(text_unit.mT)
        return sum(negative_log_likelihood(logits, axis) for axis in axes) / len(axes)

    return loss


clip_loss = make_clip_loss()
