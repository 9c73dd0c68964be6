"""What is said of a tensor on the wrong device: the line that made it, and on which device that was seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from inprocess import InProcess

from grader import submission
from grader.losses import get

REJECT = Path(__file__).parents[1] / "corpus" / "reject"


@pytest.mark.parametrize(
    ("loss", "name", "made_by", "line"),
    [
        ("clip", "device_eye_on_cpu.py", "eye", "torch.eye("),
        ("clip", "device_mask_on_cpu.py", "eye", "torch.eye("),
        ("bce", "ones_without_device.py", "ones", "torch.ones("),
        ("bce", "guard_tensor_on_cpu.py", "full", "torch.full("),
        ("bce", "result_on_cpu.py", "cpu", ".cpu()"),
    ],
)
def test_the_line_that_made_a_tensor_elsewhere_is_named(loss: str, name: str, made_by: str, line: str) -> None:
    path = REJECT / loss / name
    found = InProcess(get(loss), submission.read(path), seed=7).check("device", device="sim")
    number, text = next(
        (number, text.strip()) for number, text in enumerate(path.read_text().splitlines(), 1) if line in text
    )
    assert found.outcome != "pass"
    assert f"{made_by} made a tensor on the CPU ({name}:{number}: {text})." in found.message
