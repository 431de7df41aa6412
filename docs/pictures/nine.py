"""Draws nine.png, a digit for docs/images.md and docs/serving.md to be told: light on dark. Needs Python 3 alone.

    python3 docs/pictures/nine.py
"""
import math
import struct
import zlib
from pathlib import Path

SIZE, FINE, WIDTH = 64, 4, 0.045    # pixels, samples of a pixel along each axis, half the width of the pen
LOOP = [(0.50 + 0.15 * math.cos(a / 20 * math.tau), 0.36 + 0.16 * math.sin(a / 20 * math.tau)) for a in range(21)]
LINE = [(0.65, 0.36), (0.645, 0.50), (0.62, 0.66), (0.57, 0.82)]


def is_drawn(x, y):
    """Whether a point of the unit square is under the pen."""
    def apart(a, b):
        (ax, ay), (bx, by) = a, b
        t = min(max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2), 0), 1)
        return math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay))
    return any(apart(a, b) <= WIDTH for line in (LOOP, LINE) for a, b in zip(line, line[1:]))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


steps = [(i + 0.5) / FINE for i in range(FINE)]
rows = b"".join(b"\0" + bytes(round(255 * sum(is_drawn((column + i) / SIZE, (row + j) / SIZE) for i in steps for j in steps) / FINE ** 2)
    for column in range(SIZE)) for row in range(SIZE))
Path(__file__).with_name("nine.png").write_bytes(
    b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
