import torch

def clip_loss(image_features, text_features, logit_scale):
    logits = logit_scale * (image_features @ text_features.T
    return -logits.log_softmax(1).diagonal().mean()
