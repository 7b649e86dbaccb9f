"""The box around the Netherlands, in degrees (WGS84); the islands overseas lie outside it."""

LATITUDES = 50.7, 53.7
LONGITUDES = 3.2, 7.3


def is_dutch(lat: float, lon: float) -> bool:
    """Whether a point can be Dutch; NaN cannot."""
    return LATITUDES[0] <= lat <= LATITUDES[1] and LONGITUDES[0] <= lon <= LONGITUDES[1]
