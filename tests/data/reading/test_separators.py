"""Separators: generated layouts with times, addresses and words, and lines that ask."""

import random

import pytest

from kmeans_tui.data.columns import Question
from kmeans_tui.data.reading import separators
from kmeans_tui.data.reading.dialect import Dialect

CELLS = {
    "time": lambda r: f"{r.randrange(24):02}:{r.randrange(60):02}:{r.randrange(60):02}",
    "minutes": lambda r: f"{r.randrange(24)}:{r.randrange(60):02}",
    "milliseconds": lambda r: f"{r.randrange(24):02}:00:59.{r.randrange(1000):03}",
    "iso": lambda r: (
        f"2024-{r.randint(1, 12):02}-{r.randint(1, 28):02}T{r.randrange(24):02}:15:00Z"
    ),
    "date and time": lambda r: f"2024-05-{r.randint(1, 28):02} {r.randrange(24):02}:15:09",
    "american": lambda r: f"{r.randint(1, 12)}/{r.randint(1, 28)}/2024 {r.randint(1, 12)}:05 PM",
    "german": lambda r: f"{r.randint(1, 28):02}.03.2024 {r.randrange(24):02}:07",
    "mac": lambda r: ":".join(f"{r.randrange(256):02X}" for _ in range(6)),
    "ipv6": lambda r: f"fe80::{r.randrange(65536):x}:{r.randrange(65536):x}",
    "port": lambda r: ".".join(str(r.randrange(256)) for _ in range(4)) + ":80",
    "chr:pos": lambda r: f"chr{r.randint(1, 22)}:{r.randrange(10**3, 10**8)}",
    "place": lambda r: f"{r.randint(1, 22)}:{r.randrange(10**4, 10**8)}-{r.randrange(10**8)}",
    "url": lambda r: f"http://example.org/{r.randrange(99)}?a=1",
    "ratio": lambda r: f"{r.randint(1, 9)}:{r.randint(1, 9)}",
    "word": lambda r: r.choice(["red", "big blue", "Smith-Jones", "a:b"]),
}
NUMBERS = {
    "whole": lambda r: str(r.randrange(100)),
    "three digits": lambda r: str(r.randint(100, 999)),
    "point": lambda r: f"{r.random() * 10:.3g}",
    "comma": lambda r: f"{r.random() * 10:.2f}".replace(".", ","),
}
WITH_BLANKS = ("date and time", "american", "german", "word")


def lines(kind, separator, numbers, count, header, first):
    r = random.Random(f"{kind}{separator}{numbers}{count}")
    rows = [[NUMBERS[each](r) for each in numbers] for _ in range(count)]
    at = 0 if first else len(numbers)
    for row in rows:
        row.insert(at, CELLS[kind](r))
    if header:
        names = [f"n{i}" for i in range(len(numbers))]
        names.insert(at, "what")
        rows.insert(0, names)
    return [separator.join(row) for row in rows]


@pytest.mark.parametrize("count", [3, 19, 20, 200])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("kind", CELLS)
def test_times_addresses_and_words_beside_numbers(kind, separator, count):
    if separator == " " and kind in WITH_BLANKS:
        pytest.skip("such cells hold the separator")
    for numbers in (("whole",), ("point", "whole"), ("whole", "three digits"), ("comma", "whole")):
        if separator == "," and "comma" in numbers:
            continue
        for header in (True, False):
            for first in (True, False):
                given = lines(kind, separator, numbers, count, header, first)
                assert separators.found(given, Dialect()) == separator, given[:3]


@pytest.mark.parametrize(
    ("given", "separator"),
    [
        (["x:y", "1:2", "3:4"], ":"),
        (["1:2:3", "4:5:6", "7:8:10"], ":"),
        (["name;x", "Smith, J;1", "Doe, A;2"], ";"),
        (["x,n", '1,"a;b;c"', '2,"d;e;f"'], ","),
        (["0,5;a", "1,5;b", "2,5;c"], ";"),
        (["w;w,0.5", "w;w,", "w;w,"], ","),
        (["x y", "1,5 2,5", "3,5 4,5"], " "),
        (["12:48:56 53", "01:16:32 531"], " "),
        (["x, name, y", '1, "Smith, J", 2', '3, "Doe, A", 4'], ","),
        (["a|b", "1;2|3", "4;5|6"], "|"),
        (['0,5000;"w;w"', *['0,0000;"w;w"'] * 2], ";"),
        (['"w;w";0,0000'] * 3, ";"),
        (['"w,w"|0,0000'] * 3, "|"),
        (['1;"a\n;b"', '2;"c;\nd"'], ";"),
    ],
)
def test_layouts(given, separator):
    assert separators.found(given, Dialect()) == separator


@pytest.mark.parametrize(
    "given",
    [
        ["x", "1,5", "2,5", "3,75", "9,25"],
        ["height", *(f"{i},{i % 10}" for i in range(199))],
        ["x", "1,234", "2,345"],
        ["x", "1 234", "2 345", "12 000"],
        ["x", "1.5", "2,5"],
        ["t", "12:30", "13:45"],
        ["when", "2024-01-01 10:00:00", "2024-01-02 11:00:00"],
        ["t", "12:48:56,531", "12:48:57,102"],
        ["pos", "chr1:1234", "chr2:5678"],
        ["mac", "00:1B:44:11:3A:B7", "00:1B:44:11:3A:B8"],
        ["12:30", "13:45"],
        ["1,234,567", "2,345", "12"],
        ["sepal length", "5.1", "4.9"],
        ["x", "7", "8"],
    ],
)
def test_one_column_is_not_cut(given):
    found = separators.found(given, Dialect())
    assert not any(found in line for line in given)


@pytest.mark.parametrize(
    ("given", "first", "second"),
    [
        (["1,5", "2,5", "3,75", "9,25"], "--separator comma", "--decimal ,"),
        (["1,05", "2,50", "3,75"], "--separator comma", "--decimal ,"),
        (["1,234", "2,345", "9,876"], "--separator comma", "--thousands ,"),
        (["1 234", "2 345", "9 876"], "--separator blank", "--thousands ' '"),
        (["12:48:56,531", "12:48:57,102"], "--separator comma", "--separator tab"),
    ],
)
def test_two_readings_are_a_question(given, first, second):
    with pytest.raises(Question) as asked:
        separators.found(given, Dialect())
    assert f"add {first} or {second}" in str(asked.value)
    assert len(asked.value.readings) == 2


def test_an_answer_settles_it():
    given = ["1,5", "2,5", "3,75"]
    assert separators.found(given, Dialect(decimal=",")) != ","
    assert separators.found(given, Dialect(decimal=".")) == ","
    assert separators.found(["1,234", "2,345"], Dialect(thousands=",")) != ","


def test_of_two_that_are_nearly_as_good_another_judge_decides(monkeypatch):
    asked = []

    def opinion(lines, candidates):
        asked.append(list(candidates))
        return ";"

    monkeypatch.setattr(separators, "_second_opinion", opinion)
    given = ["red;blue,green", "gray;white,black", "gold;silver,tin"]
    assert separators.found(given, Dialect()) == ";"
    assert {",", ";"} <= set(asked[0])


def test_the_other_judge_has_an_opinion():
    given = [f"{i};{i * 7 % 13}" for i in range(30)]
    assert separators._second_opinion(given, [",", ";"]) == ";"


@pytest.mark.parametrize(
    "line",
    ["," * 5000, '"' * 5001, "1" * 9000 + ",2;3", " , ; | " * 900, "http://" + "a/" * 3000 + ",;",
     '\\"' * 4000 + ";,", ",;|\t\"x\" 1:2" * 500, "é—ß" * 3000 + ",;", "1,1.1;" * 900, "(" * 5000],
)  # fmt: skip
def test_hostile_lines_come_to_an_end(line):
    assert separators.found([line] * 200, Dialect())
    separators._second_opinion([line] * 200, [",", ";", "\t", "|"])
