"""Writes holidays.toml: public holidays, moved working days and short days of Russia.

Needs Python 3.11 and the package holidays 0.109 (`pip install holidays==0.109`). Run it as
`python -P tools/holidays.py 2026 2027 > holidays.toml` (`-P`, or Python takes this file for the
package). What was edited by hand is lost: run it for new years, then compare.

The package knows holidays, days off moved by decree and working Saturdays. It does not know short
days; they follow from the Labour Code, article 95: the working day just before a public holiday is
an hour shorter.
"""

import sys
from datetime import date, timedelta

import holidays

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# Given by decree or moved from a weekend: no public holidays themselves, so their eves are not short.
MOVED = ("Выходной", "(выходной)")
OFF, WORKING, SHORT = "holiday", "working", "short"

HEADER = """\
# Public holidays and moved working days of Russia, {years}.
# Written by tools/holidays.py from the Python package holidays {version}; may be edited by hand.
# 2027 as the package knows it: it has that year's decree (22 February, 5 November and 31 December
# off, Saturday 20 February worked). Short days follow from the Labour Code, article 95.
# A working Saturday before a holiday is short by law too, which this file cannot say.
#
# is = "holiday": nobody is received, on a Saturday or Sunday either;
# is = "working", as = "mon": a day off that is worked by another weekday's hours;
# is = "short": everything ends an hour earlier.
"""


def moved_from(name: str, year: int) -> date | None:
    """The date in «Выходной (перенесено с 20.02.2027)»."""
    _, found, rest = name.partition("перенесено с ")
    if not found:
        return None
    day, month, of_year = rest.rstrip(")").split(".")
    return date(int(of_year), int(month), int(day))


def days_of(year: int) -> dict[date, tuple[str, str, str]]:
    """Date → (kind, the weekday it is worked as or nothing, what the package calls it)."""
    # One year more, so that the eve of 1 January can be told.
    known = holidays.country_holidays("RU", years=(year, year + 1), language="ru")
    days = {on: (OFF, "", name) for on, name in known.items() if on.year == year}

    for on in sorted(known.weekend_workdays):
        if on.year != year:
            continue
        off = next(off for off, name in known.items() if moved_from(name, year) == on)
        days[on] = (WORKING, WEEKDAYS[off.weekday()], f"вместо {off:%d.%m.%Y}")

    for on, name in known.items():
        eve = on - timedelta(days=1)
        public = not any(mark in name for mark in MOVED)
        if eve.year == year and public and eve not in known and eve.weekday() < 5:
            days[eve] = (SHORT, "", f"канун: {name}")
    return days


def main() -> None:
    years = [int(year) for year in sys.argv[1:]]
    if not years:
        sys.exit("give the years: tools/holidays.py 2026 2027")
    print(HEADER.format(years=" and ".join(map(str, years)), version=holidays.__version__))
    print("days = [")
    for year in years:
        for on, (kind, as_weekday, name) in sorted(days_of(year).items()):
            like = f', as = "{as_weekday}"' if as_weekday else ""
            print(f'  {{ on = "{on}", is = "{kind}"{like} }}, # {WEEKDAYS[on.weekday()]}, {name}')
    print("]")


if __name__ == "__main__":
    main()
