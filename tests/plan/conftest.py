"""The fixtures of this folder, from a module whose name no other folder's tests share."""

from team_folder import folder, run

__all__ = ["folder", "run"]
