"""Leaves with the exit status of success before it has defined anything."""

import os

os._exit(0)
