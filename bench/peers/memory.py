"""How much anonymous memory this process took at most, as the Linux kernel counts it."""

import ctypes
from pathlib import Path

STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")


class PeakAnonymousMemory:
    """The peak between start() and read(), of the heap and whatever else is not a mapped file.

    The kernel keeps the peak of all resident memory. What is mapped from files (weights, libraries) is in it too and
    is taken off as it stands at the end, which is exact as long as the files were touched before: hence warm up.
    """

    def start(self) -> None:
        CLEAR.write_text("5")  # sets the peak back to what is resident now

    def read(self) -> int:
        now = resident()
        return now["VmHWM"] - now["RssFile"] - now["RssShmem"]


def anonymous_bytes() -> int:
    return resident()["RssAnon"]


def resident() -> dict[str, int]:
    """The resident sizes in bytes by the kernel's names."""
    fields = (line.split() for line in STATUS.read_text().splitlines() if line.endswith("kB"))
    return {name.rstrip(":"): int(kilobytes) * 1024 for name, kilobytes, _ in fields}


def give_back_above(limit: int) -> None:
    """Returns freed heap to the system if this process still holds more than the limit."""
    if anonymous_bytes() > limit:
        ctypes.CDLL(None).malloc_trim(0)
