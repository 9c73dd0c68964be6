"""What a submission may use, and what stops it."""

from __future__ import annotations

from dataclasses import dataclass

GIB = 1024**3
MIB = 1024**2


@dataclass(frozen=True)
class Limits:
    """Bounds of one submission. The defaults fit a laptop."""

    check_seconds: float = 10.0
    """Wall clock of one request: loading the file, or one batch. The parent's clock."""
    submission_seconds: float = 30.0
    """Wall clock of all requests of one submission together; the parent's own work between them is not counted."""
    memory_bytes: int = 2 * GIB
    """Beyond what the server has: address space on `cpu` and `sim`, resident memory on `cuda`."""
    output_bytes: int = 1 * MIB
    """Of standard output and error together that is kept; the rest is read and dropped."""
    cpu_seconds: float = 60.0
    """Of all threads together; the kernel counts in whole seconds."""

    def __post_init__(self) -> None:
        for name in ("check_seconds", "submission_seconds", "memory_bytes", "cpu_seconds"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} has to be positive, not {getattr(self, name)!r}")
        if self.output_bytes < 0:
            raise ValueError(f"output_bytes has to be 0 or more, not {self.output_bytes!r}")
