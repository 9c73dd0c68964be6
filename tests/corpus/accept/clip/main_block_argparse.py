#!/usr/bin/env python
# -*- coding: utf-8 -*-
import argparse
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F


def reference(image_features, text_features, logit_scale):
    """Only for comparing; clip_loss does not use it."""
    logits = logit_scale * F.normalize(image_features) @ F.normalize(text_features).T
    labels = torch.arange(len(logits))
    return (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or text_features.dim() != 2:
        raise ValueError("rank")
    if image_features.shape != text_features.shape:
        raise ValueError("shape")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("scale")
    i_len = image_features.pow(2).sum(1).sqrt()
    t_len = text_features.pow(2).sum(1).sqrt()
    cos = image_features.mm(text_features.t()) / i_len[:, None] / t_len[None, :]
    z = cos * logit_scale
    # how much larger the others are than the match
    per_image = (z - z.diagonal()[:, None]).logsumexp(1)
    per_text = (z - z.diagonal()[None, :]).logsumexp(0)
    return (per_image + per_text).mean() / 2


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", type=int, default=8)
    parser.add_argument("-d", type=int, default=16)
    args = parser.parse_args()
    a, b = torch.randn(args.n, args.d), torch.randn(args.n, args.d)
    mine, theirs = clip_loss(a, b, 10.0), reference(a, b, 10.0)
    print(mine, theirs, nn.CrossEntropyLoss()(a, torch.zeros(args.n, dtype=torch.long)))
    sys.exit(0 if torch.allclose(mine, theirs) else 1)
