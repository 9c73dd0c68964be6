"""What pyproject.toml cannot say: the files of a new team's repository travel in the wheel, as `grader/template`."""

import shutil
import tomllib
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
TEMPLATE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mogakco"]["template"]


class BuildWithTemplate(build_py):
    """Copies the template from where it is used and tested: this repository is a team's repository itself."""

    def run(self) -> None:
        super().run()
        # An editable install finds the files in the checkout.
        if self.editable_mode:
            return
        for name in TEMPLATE:
            target = Path(self.build_lib) / "grader" / "template" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(ROOT / name, target)


setup(cmdclass={"build_py": BuildWithTemplate})
