"""The simulated accelerator against the rules of CUDA: one table, which also runs on a GPU where there is one."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from runner_calls import answer_of, probabilities, runner_of

from grader.calls import Batch, Call, Location
from grader.sandbox import simulated

DEVICES = [
    pytest.param("sim", marks=pytest.mark.skipif(simulated.set_up() is not None, reason=str(simulated.set_up()))),
    pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU at hand")),
]
SAME_DEVICE = "same device"
NO_NUMPY = "can't convert .* device type tensor to numpy"


@dataclass(frozen=True)
class Rule:
    """One thing a submission may do with `x` and `y`, 2 × 3 and on the device, and what comes of it there."""

    code: str
    """Statements; `r` is returned."""
    error: str | None = None
    """What the error says, as CUDA says it."""
    on_cpu: bool = False
    """The result comes back on the CPU."""
    waits: tuple[str, ...] = ()
    """Host synchronisations that are noted (on the simulated device)."""


def ok(code: str, *waits: str) -> Rule:
    return Rule(code, waits=waits)


RULES = [
    # Factories default to the CPU.
    *(
        Rule(f"r = x[:, 0] * torch.{factory}", SAME_DEVICE)
        for factory in (
            "arange(2)",
            "zeros(2)",
            "ones(2)",
            "full((2,), 0.5)",
            "rand(2)",
            "randn(2)",
            "randperm(2)",
            "linspace(0, 1, 2)",
            "tensor([1.0, 2.0])",
            "as_tensor([1.0, 2.0])",
            "from_numpy(np.ones(2))",
            "eye(2)[0]",
            "tril_indices(2, 2)[0, :2]",
            "arange(2).double().log1p()",
        )
    ),
    *(
        ok(f"r = x[:, 0] * torch.{factory}")
        for factory in (
            "arange(2, device=x.device)",
            "zeros(2, device=x.device, dtype=x.dtype)",
            "full((2,), 0.5, device=x.device)",
            "rand(2, device=x.device)",
            "linspace(0, 1, 2, device=x.device)",
            "tensor([1.0, 2.0], device=x.device)",
            "tensor([1.0, 2.0], device=x.device.type)",
            "as_tensor([1.0, 2.0], device=torch.device(x.device))",
            "eye(2, device=x.device)[0]",
            "arange(2).to(x.device)",
            "arange(2).to(x)",
            "arange(2).type_as(x)",
            "from_numpy(np.ones(2)).to(x.device)",
            "zeros_like(x[:, 0])",
            "empty_like(x[:, 0]).fill_(1)",
            "rand_like(x[:, 0])",
        )
    ),
    ok("r = x * x.new_tensor([1.0, 2.0, 3.0]) + x.new_zeros(3) + x.new_full((), 2.0) + x.new_ones(1)"),
    ok("with torch.device(x.device): r = torch.arange(3) * x"),
    # 0-dim CPU operands are numbers, for pointwise operations.
    ok("r = x * torch.tensor(2.0)"),
    ok("r = torch.tensor(2.0) - x.sum()"),
    ok("r = x.clamp(min=torch.tensor(0.1, dtype=x.dtype))"),
    ok("r = torch.where(x > 0.5, x, torch.tensor(0.0, dtype=x.dtype))"),
    ok("r = torch.where(x > 0.5, x, 0.0)"),
    ok("r = x.masked_fill(x > 0.5, torch.tensor(0.0, dtype=x.dtype))"),
    ok("r = torch.pow(x, torch.tensor(2.0)) + torch.maximum(x, torch.tensor(0.3, dtype=x.dtype))"),
    ok("r = sum(x[i].sum() for i in range(2))"),
    Rule("r = torch.stack([x.sum(), torch.tensor(0.0, dtype=x.dtype)])", SAME_DEVICE),
    Rule("r = torch.tensor([1.0, 2.0]) * x.sum()", SAME_DEVICE),
    Rule("r = torch.zeros(()); r += x.sum()", "."),
    # Operands of everything else have to be together.
    Rule("r = torch.cat([x, torch.zeros(1, 3, dtype=x.dtype)])", SAME_DEVICE),
    Rule("r = x @ torch.ones(3, 2, dtype=x.dtype)", SAME_DEVICE),
    Rule("r = torch.einsum('ij,ij->i', x, torch.ones(2, 3, dtype=x.dtype))", SAME_DEVICE),
    Rule("r = x.gather(1, torch.zeros(2, 1, dtype=torch.long))", SAME_DEVICE),
    Rule("r = x.index_select(1, torch.tensor([0]))", SAME_DEVICE),
    Rule("r = torch.zeros_like(x).scatter_add(1, torch.zeros(2, 1, dtype=torch.long), x)", SAME_DEVICE),
    Rule("r = x.masked_fill(torch.ones(2, 3, dtype=torch.bool), 0)", "device"),
    Rule("r = torch.where(torch.ones(2, 3, dtype=torch.bool), x, 0.0)", SAME_DEVICE),
    Rule("r = torch.searchsorted(torch.arange(3.0, dtype=x.dtype), x.detach())", "device"),
    Rule("r = torch.nn.functional.cosine_similarity(x, torch.ones(3, dtype=x.dtype))", SAME_DEVICE),
    # Indices may be on the CPU; what is indexed by the device's has to be on it.
    ok("r = x[torch.arange(2), torch.arange(2)]"),
    ok("r = x[[0, 1], [1, 0]]"),
    ok("r = x[torch.arange(2, device=x.device)]"),
    ok("r = x[torch.ones(2, 3, dtype=torch.bool)]"),
    ok("r = x[:, torch.tensor([True, False, True])]"),
    Rule("r = torch.arange(3.0)[x.argmax(1)]", "indices should be either on"),
    ok("r = x.clone(); r[torch.arange(2), 0] = 0.0"),
    ok("r = x.clone(); r[torch.arange(2), 0] = torch.tensor(0.5, dtype=x.dtype)"),
    Rule("r = x.clone(); r[torch.arange(2), torch.arange(2)] = torch.zeros(2, dtype=x.dtype)", "device"),
    # Numpy is for the CPU.
    Rule("r = x.detach().numpy()", NO_NUMPY),
    Rule("r = np.log(x.detach())", NO_NUMPY),
    Rule("r = np.asarray(x.detach())", NO_NUMPY),
    Rule("r = torch.from_numpy(np.log(x.detach().cpu().numpy()))", on_cpu=True, waits=("cpu",)),
    # What looks at a value waits for the device.
    ok("r = x * y.sum().item()", "item"),
    ok("r = x * float(y.sum().detach()) + int(y.sum().detach())", "item"),
    ok("r = x if bool((y > 0).all()) else y", "item"),
    ok("r = x if (y > 0).all() else y", "item"),
    ok("r = x * y.detach().tolist()[0][0]", "cpu"),
    ok("r = x; str(y); repr(y)", "cpu"),
    ok("r = x; f'{y.sum():.3f} {y}'", "item", "cpu"),
    ok("r = x if torch.equal(x, x) and not torch.allclose(x, y + 1) else y", "equal", "allclose"),
    ok("r = x * len(torch.unique(y.detach()))", "unique"),
    ok("r = x[x > 0.3]", "boolean mask"),
    ok("r = x.masked_select(x > 0.3)", "masked_select"),
    ok("r = x * len(torch.nonzero(y > 0.3)) + len(torch.where(y > 0.3)[0])", "nonzero"),
    ok("r = x[0].repeat_interleave(torch.tensor([1, 2, 1], device=x.device))", "repeat_interleave"),
    ok("r = x * torch.nn.functional.one_hot(x.argmax(1)).sum()", "item"),
    ok("r = x * torch.nn.functional.one_hot(x.argmax(1), 3)"),
    ok("r = x.clone(); r[r > 0.5] = 0.0"),
    # To the CPU and back is allowed, and is a wait.
    ok("r = x.cpu().log().to(x.device)", "cpu"),
    ok("r = x.to('cpu').sum().to(x.device)", "cpu"),
    Rule("r = x.cpu().sum()", on_cpu=True, waits=("cpu",)),
    Rule("r = torch.zeros(2, 3, dtype=x.dtype); r[:, 0] = x[:, 0]", on_cpu=True, waits=("copy_",)),
    Rule("r = torch.tensor(0.5)", on_cpu=True),
    Rule("device = 'cpu'; r = torch.tensor((x * y).sum().item(), device=device)", on_cpu=True, waits=("item",)),
    ok("r = torch.tensor(float(x.sum().detach()), device=x.device)", "item"),
    ok("r = torch.tensor(x.detach().sum())"),
    Rule("r = torch.tensor([x.detach().sum(), y.detach().sum()])", on_cpu=True, waits=("item",)),
    # Everything else is as on the CPU.
    ok("r = torch.logsumexp(x @ y.T, 1) - (x @ y.T).diagonal() + torch.log_softmax(x, 0).T.mean(0)[:2]"),
    ok("s = torch.sort(torch.cat([x, y]).flatten()); r = s.values.cumsum(0).diff() * s.indices[1:]"),
    ok("r = x * torch.searchsorted(torch.sort(y.detach().flatten()).values, x.detach()) + torch.bucketize(x, y[0])"),
    ok("r = x.gather(1, x.argsort(1)) + x.topk(3, 1).values + torch.flip(x, [1]) + x.roll(1)"),
    ok("r = torch.zeros_like(x).index_put((torch.arange(2, device=x.device),), x)"),
    ok("r = x.index_add(0, torch.zeros(1, dtype=torch.long, device=x.device), y[:1])"),
    ok("r = torch.zeros_like(x).scatter_add_(1, x.argsort(1), x)"),
    ok("r = torch.einsum('ij,kj->ik', x, y) + torch.stack([x, y]).logsumexp((0, 2)) + torch.kron(x, y)[:2, :2]"),
    ok("r = x.expand(2, 2, 3).reshape(-1).view(2, 6)[:, ::2].contiguous().unsqueeze(0).squeeze().T"),
    ok("r = x.clone().unsqueeze_(0).transpose_(0, 1).squeeze_(1).t_().add_(1).mul_(2).clamp_(0, 9).log_()"),
    ok("r = torch.add(x.detach(), y.detach(), out=torch.empty_like(x)) + x"),
    ok("r = torch.empty(2, 3, device=x.device, dtype=x.dtype).copy_(x)"),
    ok("r = x.float().double() + x.half().to(x.dtype) + x.to(torch.float32) + x.clamp(min=torch.finfo(x.dtype).eps)"),
    ok("r = sum((row * row).sum() for row in x) + sum(part.sum() for part in (*torch.split(x, 1), *torch.unbind(y)))"),
    ok("r = torch.linalg.norm(x) + x.norm(dim=1) + torch.cdist(x, y) + torch.nn.functional.normalize(x) @ y.T"),
    ok(
        "r = x.mean() + x.std() + x.var(0) + x.median() + x.amax(1, keepdim=True) + x.prod() + torch.trapezoid(x.T)[:1]"
    ),
    ok("with torch.no_grad(): m = x.max()\nr = (x - m).exp().sum().log() + m"),
    ok("with torch.autocast(device_type=x.device.type, enabled=False): r = x * y"),
    ok("r = torch.func.vmap(lambda a, b: (a * b).sum())(x, y)"),
    ok("r = script(x, y)"),
    ok("r = Square.apply(x)"),
    ok("r = torch.autograd.grad((x * x * x).sum(), x, create_graph=True)[0]"),
    ok("assert isinstance(x, torch.Tensor) and x.is_floating_point() and x.device == y.device\nr = x"),
    ok(
        "assert x.device != torch.device('cpu') and x.get_device() == 0 and not x.is_cpu and x.device.index == 0\nr = x"
    ),
    ok("import copy; r = x * copy.deepcopy(y.detach())"),
    ok("r = x * x + x; x.retain_grad(); h = r.register_hook(lambda g: g * 1); h.remove()"),
]

HEAD = """
import numpy as np
import torch
@torch.jit.script
def script(x, y):
    return (x * y).sum() + torch.arange(x.size(0), device=x.device).sum()
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x * x).sum()
    @staticmethod
    def backward(ctx, g):
        return g * 2 * ctx.saved_tensors[0]
def f(x, y):
"""


def text_of(rule: Rule) -> str:
    body = "".join(f"    {line}\n" for line in rule.code.split("\n"))
    return f"{HEAD}{body}    return r if not isinstance(r, torch.Tensor) or r.dim() == 0 else r.double().sum()"


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_a_rule_of_the_device(rule: Rule, device: str) -> None:
    answer = answer_of(text_of(rule), probabilities(), probabilities(), device=device)
    if rule.error is not None:
        assert answer.raised is not None
        assert answer.raised.type in ("RuntimeError", "TypeError")
        assert re.search(rule.error, answer.raised.message)
        return
    assert (answer.raised, answer.backward_raised) == (None, None)
    assert answer.device == ("cpu" if rule.on_cpu else device)
    if device == "sim":
        waits = dict.fromkeys(event.name for event in answer.events if event.kind == "host-sync")
        assert tuple(waits) == rule.waits


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES if rule.error is None and "rand" not in rule.code and "get_device" not in rule.code],
    ids=lambda rule: rule.code,
)
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_values_and_gradients_are_the_cpus(rule: Rule, dtype: str, device: str) -> None:
    """Bit for bit when simulated, to rounding on a GPU."""
    text = text_of(rule)
    here, there = (answer_of(text, probabilities(dtype), probabilities(dtype), device=name) for name in ("cpu", device))
    pairs = [(here.value, there.value), *zip(here.gradients, there.gradients, strict=True)]
    for one, other in pairs:
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            if device == "sim":
                assert one.tobytes() == other.tobytes()
            else:
                np.testing.assert_allclose(other, one, rtol=2e-3)


@pytest.mark.skipif(simulated.set_up() is not None, reason=str(simulated.set_up()))
class TestOnlySimulated:
    """What a real device does not tell, or tells in other words."""

    @pytest.mark.parametrize(
        ("code", "name"),
        [
            ("i = torch.arange(3)\n    return (x * i).sum()", "arange"),
            ("i = torch.arange(3).double()\n    i = i / i.sum()\n    return (x * i).sum()", "arange"),
            ("i = torch.tensor([1.0, 2.0, 3.0])\n    return (x * i).sum()", "tensor"),
            ("i = torch.zeros(())\n    return i", "zeros"),
            ("i = x.cpu().log()\n    return i.sum()", "cpu"),
        ],
    )
    def test_the_line_that_made_a_tensor_on_the_wrong_device(self, code: str, name: str) -> None:
        answer = answer_of(f"import torch\ndef f(x):\n    {code}", probabilities(), device="sim")
        line = code.split("\n")[0]
        assert [event for event in answer.events if event.kind == "wrong-device"] == [
            type(answer.events[0])("wrong-device", name, Location("a.py", 3, line))
        ]

    def test_a_wait_is_noted_once_with_its_line(self) -> None:
        answer = answer_of(
            "def f(x):\n  t = 0.0\n  for row in x:\n    for v in row:\n      t += v.item()\n  return x.sum() * t",
            probabilities(),
            device="sim",
        )
        assert [(event.kind, event.name, event.where and event.where.line) for event in answer.events] == [
            ("host-sync", "item", 5)
        ]

    def test_a_built_in_backward_that_waits_is_nobodys_line(self) -> None:
        answer = answer_of("def f(x): return x[x > 0.3].sum()", probabilities(), device="sim")
        assert [event.where and event.where.line for event in answer.events] == [1]

    @pytest.mark.parametrize("strided", [False, True])
    def test_arguments_of_every_form(self, strided: bool) -> None:
        from grader.calls import Argument

        one = Argument(np.arange(1.0, 7.0).reshape(2, 3), requires_grad=True, strided=strided)
        answer = answer_of(
            f"def f(x, s):\n  assert x.is_contiguous() != {strided} and x.is_leaf\n  return (x / s).sum()",
            one,
            Argument(2.0),
            device="sim",
        )
        assert (answer.raised, answer.value, answer.returned, answer.device) == (None, 10.5, "Tensor", "sim")
        np.testing.assert_array_equal(answer.gradients[0], np.full((2, 3), 0.5))

    def test_the_cpu_is_what_it_was(self) -> None:
        """The device is there only while a batch runs on it."""
        text = (
            "import torch\ndef f(x):\n  accelerator = torch.accelerator.current_accelerator()\n"
            "  r = x.sum() if accelerator is None else torch.zeros((), device=accelerator) + x.sum()\n"
            "  assert (accelerator is None) == (x.device.type == 'cpu') == (not torch.accelerator.is_available())\n"
            "  assert (torch.zeros(2, device=x.get_device()) if accelerator else x).device == x.device\n"
            "  return r"
        )
        if torch.cuda.is_available():
            pytest.skip("torch names the GPU")
        for device in ("cpu", "sim", "cpu"):
            answer = answer_of(text, probabilities(), device=device)
            assert (answer.raised, answer.device) == (None, device)

    def test_a_batch_costs_little_more_than_on_the_cpu(self) -> None:
        runner, _ = runner_of("import torch\ndef f(x, y): return -(y * torch.log(x)).sum(1).mean()")
        for device in ("cpu", "sim"):
            runner.run(Batch((Call((probabilities(), probabilities()), 1.0),), device))
        seconds = {
            device: min(
                sum(answer.seconds[0] for answer in runner.run(Batch((Call((probabilities(),) * 2, 1.0),) * 6, device)))
                for _ in range(5)
            )
            for device in ("cpu", "sim")
        }
        # Some 0.7 ms against 6 ms on a quiet machine.
        assert seconds["sim"] < 40 * seconds["cpu"]

    def test_it_says_whether_it_works(self) -> None:
        assert simulated.available() is None
