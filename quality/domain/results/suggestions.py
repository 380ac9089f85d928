"""Which test case a row is probably of, by the words that its name and the title of the case share."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[\u4e00-\u9fff]+")
LEAST_LIKENESS = 0.5  # of all words of both, how many must be shared
COMMONPLACE = frozenset({"test", "tests", "should", "the", "and", "is", "of", "to", "a"})


class Suggestions:
    """The titles of the cases (by number), ready to be looked up."""

    def __init__(self, titles: Mapping[int, str]):
        self._words = {number: words_of(title) for number, title in titles.items()}
        self._numbers: dict[str, list[int]] = defaultdict(list)
        for number, words in self._words.items():
            for word in words:
                self._numbers[word].append(number)

    def best(self, name: str) -> int | None:
        """Return the number of the case most like `name`, None if none is like it; of equals the first."""
        words = words_of(name)
        shared = Counter(number for word in words for number in self._numbers.get(word, ()))
        likeness = {number: count / len(words | self._words[number]) for number, count in shared.items()}
        found = max(sorted(likeness), key=likeness.__getitem__, default=None)
        return found if found is not None and likeness[found] >= LEAST_LIKENESS else None


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text in small letters, camelCase taken apart; of Chinese every two characters in a row."""
    found: set[str] = set()
    for word in WORD.findall(text):
        if word[0] < "\u4e00":
            found.add(word.lower())
        else:
            found |= {word[place : place + 2] for place in range(max(len(word) - 1, 1))}
    return frozenset(found - COMMONPLACE)
