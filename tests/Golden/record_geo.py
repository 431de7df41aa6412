#!/usr/bin/env python3
"""Distances on a sphere of the Earth's mean radius, by another formula than the haversine: the angle between two
vectors, atan2(|u x v|, u . v). Prints the rows of tests/ChainRule.Zoo.Tests/Places/GeoTest.cs."""
from math import atan2, cos, hypot, radians, sin

RADIUS = 6371008.8

PAIRS = [
    ("Paris to London", 48.8566, 2.3522, 51.5074, -0.1278),
    ("New York to Tokyo", 40.7128, -74.0060, 35.6762, 139.6503),
    ("across the date line, Fiji to Samoa", -17.7134, 178.0650, -13.7590, -172.1046),
    ("on either side of the date line", 0.0, 179.9999, 0.0, -179.9999),
    ("pole to pole", 90.0, 0.0, -90.0, 0.0),
    ("the north pole has any longitude", 90.0, 135.0, 90.0, -20.0),
    ("the pole to the equator", 90.0, 10.0, 0.0, -77.0),
    ("antipodes on the equator", 0.0, 0.0, 0.0, 180.0),
    ("antipodes of Madrid, nearly", 40.4168, -3.7038, -40.4168, 176.2961),
    ("antipodes, by a hair", 12.5, 33.25, -12.5, -146.7500001),
    ("a step of eleven metres", 52.52, 13.405, 52.5201, 13.405),
    ("a centimetre", -33.8688, 151.2093, -33.86880009, 151.2093),
    ("the same point", 37.0, -122.0, 37.0, -122.0),
    ("a quarter of the equator", 0.0, -45.0, 0.0, 45.0),
]


def vector(latitude, longitude):
    a, b = radians(latitude), radians(longitude)
    return cos(a) * cos(b), cos(a) * sin(b), sin(a)


for name, *at in PAIRS:
    u, v = vector(*at[:2]), vector(*at[2:])
    across = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
    distance = RADIUS * atan2(hypot(*across), sum(a * b for a, b in zip(u, v)))
    print(f'    [InlineData("{name}", {", ".join(str(x) for x in at)}, {distance:.3f})]')
