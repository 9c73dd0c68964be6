"""What is seen while a call runs: ready-made losses, changed arguments, peak memory."""

from __future__ import annotations

import numpy as np
import pytest
from runner_calls import answer_of, probabilities, targets

from grader.calls import Argument, Location, Watch

HEAD = """import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.functional import cross_entropy as alias
made_at_import = nn.BCELoss()
@torch.jit.script
def scripted(p, t):
    return torch.nn.functional.cross_entropy(p, t)
@torch.jit.script
def scripted_primitives(p, t):
    return -(t * p.log()).sum()
def cross_entropy(p, t):
    return -(t * p.log()).sum(1).mean()
class CrossEntropyLoss(nn.Module):
    def forward(self, p, t):
        return cross_entropy(p, t)
self_check = F.binary_cross_entropy(torch.full((3,), 0.5), torch.ones(3))
def f(p, t):
    return """
LINE = HEAD.count("\n") + 1
FIRST = 18
"""The line of `def f`, which stands for a line that cannot be told."""


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("F.binary_cross_entropy(p, t)", "binary_cross_entropy"),
        ("F.cross_entropy(p, t.argmax(1))", "cross_entropy"),
        ("F.cross_entropy(p, t)", "cross_entropy"),
        ("alias(p, t)", "cross_entropy"),
        ("getattr(F, 'kl' + '_div')(p.log(), t, reduction='sum')", "kl_div"),
        ("F.__dict__['mse_loss'](p, t)", "mse_loss"),
        ("sum(map(F.l1_loss, [p], [t]))", "l1_loss"),
        ("F.nll_loss(p.log(), t.argmax(1))", "nll_loss"),
        ("F.gaussian_nll_loss(p, t, p)", "gaussian_nll_loss"),
        ("F.triplet_margin_with_distance_loss(p, t, t)", "triplet_margin_with_distance_loss"),
        ("made_at_import(p, t)", "BCELoss"),
        ("nn.SmoothL1Loss()(p, t)", "SmoothL1Loss"),
        ("nn.CosineEmbeddingLoss()(p, t, torch.ones(2))", "CosineEmbeddingLoss"),
        ("torch.kl_div(p.log(), t)", "kl_div"),
        ("torch.binary_cross_entropy_with_logits(p, t).mean()", "binary_cross_entropy_with_logits"),
        ("torch._C._nn.cross_entropy_loss(p, t)", "cross_entropy_loss"),
        ("torch._C._VariableFunctions.kl_div(p.log(), t)", "kl_div"),
        ("torch.ops.aten.cross_entropy_loss(p, t)", "cross_entropy_loss"),
        ("torch.ops.aten.binary_cross_entropy.default(p, t)", "binary_cross_entropy"),
        ("torch._refs.nn.functional.mse_loss(p, t)", "mse_loss"),
        ("__import__('torch._decomp')._decomp.decompositions.binary_cross_entropy(p, t)", "binary_cross_entropy"),
        ("-torch.distributions.Categorical(p).log_prob(t.argmax(1)).mean()", "log_prob"),
        ("torch.distributions.kl_divergence(*map(torch.distributions.Bernoulli, (t, p))).mean()", "kl_divergence"),
        ("torch.func.vmap(F.l1_loss)(p, t).mean()", "l1_loss"),
        # The guard is for this thread, and would outlast the test: after it no `with torch.device(…)` has any effect.
        (
            "[(g := torch._C.DisableTorchFunction()).__enter__(), alias(p, t), g.__exit__(None, None, None)][1]",
            "cross_entropy",
        ),
        ("eval('F.huber_loss')(p, t)", "huber_loss"),
        ("__import__('scipy.stats').stats.wasserstein_distance([1], [2]) + p.sum()", "wasserstein_distance"),
        (
            "p.sum() * float(__import__('ot').emd2_1d(__import__('numpy').ones(2), __import__('numpy').ones(2)))",
            "emd2_1d",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_a_ready_made_loss_is_seen_with_the_submissions_line(expression: str, name: str) -> None:
    answer = answer_of(HEAD + expression, probabilities(), targets(), watch=Watch.ORIGINALITY)
    assert answer.raised is None
    assert [(event.kind, event.name, event.where and event.where.line) for event in answer.events] == [
        ("ready-made", name, LINE)
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_scripted_loss_is_seen_below_python() -> None:
    answer = answer_of(HEAD + "scripted(p, t)", probabilities(), targets(), watch=Watch.ORIGINALITY)
    assert [event.name for event in answer.events] == ["cross_entropy_loss"]
    assert answer.events[0].where == Location("a.py", FIRST, "def f(p, t):")


def test_a_loss_in_a_backward_of_ones_own_is_seen() -> None:
    answer = answer_of(
        "import torch\nimport torch.nn.functional as F\nclass S(torch.autograd.Function):\n"
        "  @staticmethod\n  def forward(ctx, p): return p.sum()\n"
        "  @staticmethod\n  def backward(ctx, g): return g * F.mse_loss(torch.ones(2, 3), torch.zeros(2, 3))\n"
        "def f(p): return S.apply(p)",
        probabilities(),
        watch=Watch.ORIGINALITY,
    )
    assert [(event.name, event.where and event.where.line) for event in answer.events] == [("mse_loss", 7)]


@pytest.mark.parametrize(
    "expression",
    [
        "cross_entropy(p, t)",
        "CrossEntropyLoss()(p, t)",
        "scripted_primitives(p, t)",
        "-(t * F.log_softmax(p.log(), 1)).sum(1).mean()",
        "F.normalize(p).sum() + F.cosine_similarity(p, t).sum() + nn.CosineSimilarity()(p, t).sum()",
        "F.pairwise_distance(p, t).sum() + nn.PairwiseDistance()(p, t).sum() + torch.cdist(p, t).sum()",
        "F.softplus(p).sum() + F.logsigmoid(p).sum() + F.softmin(p, 1).sum() + nn.LogSoftmax(1)(p).sum()",
        "torch.xlogy(t, p).sum() + torch.special.xlog1py(t, -p).sum() + torch.special.entr(p).sum()",
        "(F.one_hot(t.argmax(1), 3) * torch.logsumexp(p, 1, keepdim=True)).sum()",
        "torch.linalg.norm(p) + torch.trapezoid(p).sum() + torch.sort(p.flatten()).values.cumsum(0).sum()",
        "torch.distributions.Categorical(p).probs.sum()",
        "torch.func.vmap(lambda a, b: (a * b).sum())(p, t).mean()",
        "p.sum() * torch.func.grad(lambda a: (a * a).sum())(p.detach()).sum()",
        "F.dropout(p, 0.0).sum() + F.relu(p).sum() + F.gelu(p).sum() + F.layer_norm(p, (3,)).sum()",
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_primitives_and_names_of_ones_own_are_not(expression: str) -> None:
    answer = answer_of(HEAD + expression, probabilities(), targets(), watch=Watch.ORIGINALITY)
    assert answer.raised is None
    assert answer.events == ()


@pytest.mark.parametrize(
    ("statement", "changed"),
    [
        ("pass", ()),
        ("x = x + 1; x += 1; x.mul_(2)", ()),
        ("torch.autograd.grad((x * x).sum(), x)", ()),
        ("h = x.register_hook(lambda g: g); h.remove()", ()),
        ("y.add_(1)", ("argument 1: values",)),
        ("y.numpy()[0] = 7", ("argument 1: values",)),
        ("x.data.clamp_(0, 1e-3)", ("argument 0: values",)),
        ("y.clamp_(-9, 9)", ("argument 1: version",)),
        ("y.resize_(2)", ("argument 1: shape",)),
        ("y.unsqueeze_(0)", ("argument 1: shape",)),
        ("y.set_(torch.zeros(3, dtype=y.dtype))", ("argument 1: values",)),
        ("y.requires_grad_()", ("argument 1: requires_grad",)),
        ("x.requires_grad_(False)", ("argument 0: requires_grad",)),
        ("x.grad = None", ("argument 0: grad",)),
        ("x.grad.zero_()", ("argument 0: grad",)),
        ("x.sum().backward()", ("argument 0: grad",)),
        ("x.register_hook(lambda g: g)", ("argument 0: hooks",)),
        ("x.register_post_accumulate_grad_hook(lambda t: None)", ("argument 0: hooks",)),
        ("x.__class__ = type('T', (torch.Tensor,), {})", ("argument 0: type",)),
        ("y += 1; x.grad = None", ("argument 0: grad", "argument 1: values")),
    ],
)
def test_a_changed_argument_is_named(statement: str, changed: tuple[str, ...]) -> None:
    answer = answer_of(
        f"import torch\ndef f(x, y):\n  loss = ((x - y) ** 2).sum()\n  {statement}\n  return loss",
        Argument(np.arange(3.0), requires_grad=True),
        Argument(np.arange(3.0), strided=statement == "pass"),
        watch=Watch.PURITY,
    )
    assert answer.raised is None
    assert answer.changed == changed


def test_a_change_in_an_earlier_repeat_counts() -> None:
    text = "seen = []\ndef f(x):\n  loss = x.sum()\n  if not seen: x.data.add_(1)\n  seen.append(1)\n  return loss"
    answer = answer_of(text, Argument(np.zeros(2), requires_grad=True), watch=Watch.PURITY, repeats=2)
    assert answer.changed == ("argument 0: values",)


@pytest.mark.parametrize(
    ("expression", "tensors"),
    [("x.sum()", 0), ("(x * 2).sum()", 1), ("(x[:, None] - x[None]).abs().sum()", 1000)],
)
def test_peak_memory_is_counted_beyond_the_arguments(expression: str, tensors: int) -> None:
    """In multiples of the argument's 8,000 bytes: what lives at once, in the forward or the backward pass."""
    answer = answer_of(
        f"def f(x): return {expression}", Argument(np.ones(1000), requires_grad=True), watch=Watch.MEMORY
    )
    assert answer.peak_bytes is not None
    assert tensors * 8000 <= answer.peak_bytes <= (4 * tensors + 4) * 8000


def test_nothing_is_watched_unless_asked() -> None:
    answer = answer_of(HEAD + "F.cross_entropy(p, t)", probabilities(), targets())
    assert (answer.events, answer.changed, answer.peak_bytes) == ((), (), None)
