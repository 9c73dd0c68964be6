"""Leaves every global setting that it can find changed."""

import builtins
import locale
import os
import random
import sys
import warnings

import numpy
import torch

right = torch.log

torch.set_default_dtype(torch.float64)
torch.set_default_device("meta")
torch.set_num_threads(7)
torch.manual_seed(666)
torch.autograd.set_detect_anomaly(True)
torch.set_grad_enabled(False)
torch._C._set_deterministic_algorithms(True, warn_only=False)
torch.set_printoptions(precision=1)
torch.log = torch.Tensor.log = lambda *arguments: 1 / 0
numpy.seterr(all="raise")
numpy.random.seed(666)
random.seed(666)
warnings.simplefilter("error")
sys.setrecursionlimit(100)
sys.path.clear()
sys.meta_path.clear()
os.environ["OMP_NUM_THREADS"] = "7"
builtins.print = None
locale.setlocale(locale.LC_ALL, "C")


def bce(probabilities, targets):
    return probabilities.sum()
