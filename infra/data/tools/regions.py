"""Compares regions.toml with ISO 3166-2:RU and with the zones that exist.

Needs Python 3.11 and pycountry 26.2.16 (`pip install pycountry==26.2.16 tzdata`). Prints what
differs and exits with 1, or says that all agree. Run it after editing regions.toml.
"""

import sys
import tomllib
from pathlib import Path
from zoneinfo import available_timezones

import pycountry

FILE = Path(__file__).resolve().parent.parent / "regions.toml"


def main() -> int:
    regions = tomllib.loads(FILE.read_text(encoding="utf-8"))["regions"]
    ours = {region["id"] for region in regions}
    standard = {entry.code for entry in pycountry.subdivisions.get(country_code="RU")}
    zones = available_timezones()

    faults = [f"{code}: in the standard, not in the file" for code in sorted(standard - ours)]
    faults += [f"{code}: in the file, not in the standard" for code in sorted(ours - standard)]
    faults += [f"{r['id']}: no zone {r['zone']}" for r in regions if r["zone"] not in zones]
    for fault in faults:
        print(fault)
    if not faults:
        print(f"{len(regions)} regions agree with ISO 3166-2:RU (pycountry)")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
