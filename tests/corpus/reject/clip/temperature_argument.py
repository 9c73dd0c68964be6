import torch

def clip_loss(image_emb, text_emb, temperature):
    """InfoNCE in both directions with a softmax temperature."""
    if image_emb.ndim != 2 or text_emb.ndim != 2:
        raise ValueError("embeddings: (N, D)")
    if image_emb.shape != text_emb.shape:
        raise ValueError("embeddings: same shape")
    if torch.is_tensor(temperature) and temperature.ndim != 0:
        raise ValueError("temperature: scalar")
    inverse_t = 1.0 / temperature
    x = image_emb / image_emb.norm(dim=1, keepdim=True)
    y = text_emb / text_emb.norm(dim=1, keepdim=True)
    cos = x @ y.T
    logits = cos * inverse_t
    return 0.5 * (logits.logsumexp(0) + logits.logsumexp(1) - 2 * logits.diagonal()).mean()
