"""Draws icon.png, the icon of the packages: two inputs, a product and an output. Needs Python 3 alone.

    python3 docs/pictures/icon.py
"""
import struct
import zlib
from pathlib import Path

SIZE, FINE = 128, 4    # pixels, and samples of a pixel along each axis
GROUND, LINE, INPUT, OUTPUT = (0x1F, 0x2A, 0x44), (0xE8, 0xEC, 0xF4), (0xF2, 0xA0, 0x3D), (0x4F, 0xB3, 0xBF)
NODES = [(0.26, 0.28, INPUT), (0.26, 0.72, INPUT), (0.52, 0.5, LINE), (0.79, 0.5, OUTPUT)]
EDGES = [(0, 2), (1, 2), (2, 3)]
RADIUS, WIDTH, CORNER = 0.105, 0.022, 0.18


def to_segment(x, y, a, b):
    """The distance from a point to the line between two nodes."""
    (ax, ay, _), (bx, by, _) = NODES[a], NODES[b]
    t = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    t = min(max(t, 0), 1)
    return ((x - ax - t * (bx - ax)) ** 2 + (y - ay - t * (by - ay)) ** 2) ** 0.5


def colour(x, y):
    """Red, green and blue at a point of the unit square, or None outside of the rounded square."""
    dx, dy = max(abs(x - 0.5) - 0.5 + CORNER, 0), max(abs(y - 0.5) - 0.5 + CORNER, 0)
    if dx * dx + dy * dy > CORNER * CORNER:
        return None
    for nx, ny, of in NODES:
        if (x - nx) ** 2 + (y - ny) ** 2 <= RADIUS * RADIUS:
            return of
    return LINE if any(to_segment(x, y, a, b) <= WIDTH for a, b in EDGES) else GROUND


def pixel(column, row):
    steps = [(i + 0.5) / FINE for i in range(FINE)]
    seen = [colour((column + i) / SIZE, (row + j) / SIZE) for i in steps for j in steps]
    inside = [c for c in seen if c]
    if not inside:
        return bytes(4)
    return bytes(round(sum(c[k] for c in inside) / len(inside)) for k in range(3)) + bytes([round(255 * len(inside) / len(seen))])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


rows = b"".join(b"\0" + b"".join(pixel(column, row) for column in range(SIZE)) for row in range(SIZE))
Path(__file__).with_name("icon.png").write_bytes(
    b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
