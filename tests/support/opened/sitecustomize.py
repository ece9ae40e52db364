"""Lets the processes of a test reach the one server it has started; found through PYTHONPATH, never by the program."""

import os
import sys
from dataclasses import replace
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3]))

if "OUTTAKE_TEST_SERVER" in os.environ:
    from core.host import limits
    from core.links import fetch

    limits.HOSTED = replace(limits.HOSTED, sites=None, ports=None)
    fetch.allowed = (("127.0.0.1", int(os.environ["OUTTAKE_TEST_SERVER"])),)
