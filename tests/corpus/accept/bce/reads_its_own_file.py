import ast
from pathlib import Path

import torch

HERE = Path(__file__)
FUNCTIONS = [node.name for node in ast.parse(HERE.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)]


def bce(probabilities, targets):
    """Binary cross entropy; a complaint names the file and the function."""
    if probabilities.shape != targets.shape:
        raise ValueError(f"{HERE.stem}.{FUNCTIONS[0]}: one shape, please")
    p = probabilities.clamp(1e-7, 1 - 1e-7)
    return -torch.stack((targets * p.log(), (1 - targets) * (1 - p).log())).sum(0).mean()


assert FUNCTIONS == ["bce"]
