"""Units of measurement with their dimension and size, and the letters of scale behind a figure. Tables only."""

from __future__ import annotations

UNITS: dict[str, tuple[str, float]] = {
    form: (dimension, factor)
    for dimension, factor, forms in (
        ("%", 1, "% percent percents per-cent percentage-points percentage-point pp"),
        ("x", 1, "x × times fold -fold"),
        ("time", 1e-9, "ns nanosecond nanoseconds"),
        ("time", 1e-6, "µs μs us microsecond microseconds"),
        ("time", 1e-3, "ms msec millisecond milliseconds"),
        ("time", 1, "s sec secs seconds"),
        ("time", 60, "min mins minute minutes"),
        ("time", 3600, "h hr hrs hour hours"),
        ("time", 86400, "day days"),
        ("time", 604800, "week weeks"),
        ("month", 1, "month months"),
        ("month", 12, "year years yr yrs"),
        ("month", 120, "decade decades"),
        ("byte", 1e-6, "KB kB"),
        ("byte", 1e-3, "MB"),
        ("byte", 1, "GB"),
        ("byte", 1e3, "TB"),
        ("byte", 1e-3 * 1.048576, "MiB"),
        ("byte", 1.073741824, "GiB"),
        ("length", 1e-9, "nm"),
        ("length", 1e-6, "µm μm"),
        ("length", 1e-3, "mm"),
        ("length", 1e-2, "cm"),
        ("length", 1, "m metre metres meter meters"),
        ("length", 1e3, "km kilometre kilometres kilometer kilometers"),
        ("mass", 1e-6, "µg μg"),
        ("mass", 1e-3, "mg"),
        ("mass", 1, "g gram grams"),
        ("mass", 1e3, "kg"),
        ("frequency", 1, "Hz"),
        ("frequency", 1e3, "kHz"),
        ("frequency", 1e6, "MHz"),
        ("frequency", 1e9, "GHz"),
        ("temperature", 1, "°C"),
        ("power", 1e-3, "mW"),
        ("power", 1, "W"),
        ("power", 1e3, "kW"),
        ("loudness", 1, "dB"),
        ("space", 1, "D dimensional -dimensional"),
    )
    for form in forms.split()
}
SCALES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "bn": 1e9, "T": 1e12}
