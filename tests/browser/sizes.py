"""The windows in which pages are looked at: all of them in the long run, the narrowest and darkest in the quick one."""

import os

ALL = ((320, "light"), (390, "dark"), (1280, "light"))
SIZES = ALL if os.environ.get("ZVE_TEST_LONG") else ((320, "dark"),)
