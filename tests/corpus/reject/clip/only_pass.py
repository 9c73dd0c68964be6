def clip_loss(image_features, text_features, logit_scale):
    pass
