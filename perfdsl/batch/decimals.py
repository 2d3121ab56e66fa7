"""Plain numbers of a whole column at once, whatever type they come in: digits, decimals, integers, doubles."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

MOST_PLACES = 12
DIGITS = 18  # as many as any 64-bit number holds
MANY, FEW = 256, 8  # of so many cells at most an eighth are different, or they are read one by one


def plain_numbers(array: "pa.Array") -> tuple[Any, int, Any]:
    """The plain decimal numbers of a column as whole numbers of ``1/per`` (a power of ten), and where they are."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    there = np.asarray(pc.is_valid(array))
    if pa.types.is_dictionary(kind):
        return plain_numbers(array.cast(kind.value_type))
    if pa.types.is_integer(kind):
        if kind == pa.uint64():
            return _of_texts(array.cast(pa.string()), there)
        return filled(array, 0).astype(np.int64), 1, there
    if pa.types.is_floating(kind):
        return _of_floats(filled(array, 0).astype(np.float64), there)
    if pa.types.is_decimal(kind) and 0 <= kind.scale <= MOST_PLACES and kind.bit_width <= 128:
        return _of_decimals(array, there)
    if pa.types.is_decimal(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _of_texts(array.cast(pa.string()), there)
    return np.zeros(len(array), dtype=np.int64), 1, np.zeros(len(array), dtype=bool)


def _of_floats(values: Any, there: Any) -> tuple[Any, int, Any]:
    """Doubles as the decimals of at most fifteen digits they print as (Excel shows the same)."""
    import numpy as np

    good = there & np.isfinite(values)
    values = np.where(good, values, 0)
    for places in range(MOST_PLACES + 1):
        per = 10**places
        with np.errstate(over="ignore"):  # too long to be a plain number: what is not short is read on its own
            tops = np.rint(values * per)
        short = np.abs(tops) < 10**15
        same = short & (tops / per == values)
        if places == MOST_PLACES or same[good].all():
            return np.where(same, tops, 0).astype(np.int64), per, good & same
    raise AssertionError


def _of_decimals(array: "pa.Array", there: Any) -> tuple[Any, int, Any]:
    """Decimals of at most eighteen digits: the whole numbers they are kept as."""
    import numpy as np
    import pyarrow as pa

    scale = array.type.scale
    if array.type.bit_width < 128:
        array = array.cast(pa.decimal128(38, scale))
    halves = np.frombuffer(array.buffers()[1], dtype=np.int64)[2 * array.offset : 2 * (array.offset + len(array))]
    low, good = halves[::2], there
    if array.type.precision > DIGITS:
        good = there & (halves[1::2] == low >> 63) & inside(low, 1 - 10**DIGITS, 10**DIGITS - 1)
    return (low.copy() if good.all() else low * good), 10**scale, good


def _of_texts(array: "pa.Array", there: Any) -> tuple[Any, int, Any]:
    """Plain digits with a point, no zero before them; at most eighteen of them, else the cell is read on its own."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    array = pc.fill_null(array, "")
    # what is written otherwise, such as 095, may be no number: ``observe`` says, cell by cell
    plain = pc.match_substring_regex(array, r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?$")
    good = there & np.asarray(plain)
    kept = pc.if_else(pa.array(good), array, "0")
    point = pc.find_substring(kept, ".")
    length = pc.utf8_length(kept)
    places = int(
        pc.max(pc.if_else(pc.greater_equal(point, 0), pc.subtract(pc.subtract(length, point), 1), 0)).as_py() or 0
    )
    # longer ones are read on their own
    whole = pc.if_else(pc.greater_equal(point, 0), point, length)
    fits = np.asarray(pc.less_equal(pc.add(whole, places), DIGITS))
    kept = pc.if_else(pa.array(fits), kept, "0")
    tops = _unscaled(kept.cast(pa.decimal128(38, places)))
    return tops, 10**places, good & fits


def _unscaled(array: "pa.Array") -> Any:
    """The whole numbers inside a column of decimals that fit 64 bits."""
    import numpy as np

    return np.frombuffer(array.buffers()[1], dtype=np.int64)[
        2 * array.offset : 2 * (array.offset + len(array)) : 2
    ].copy()


def inside(values: Any, low: int | None, high: int | None) -> Any:
    """Where whole numbers lie between limits; mostly all of them do, which their least and greatest tell at once."""
    import numpy as np

    good = np.ones(len(values), dtype=bool)
    if len(values) and low is not None and values.min() < low:
        good &= values >= low
    if len(values) and high is not None and values.max() > high:
        good &= values <= high
    return good


def filled(array: "pa.Array", value: int) -> Any:
    """Its numbers, with one for those that are none."""
    import numpy as np

    return np.asarray(array.fill_null(value) if array.null_count else array)


def few_texts(array: "pa.Array") -> "pa.Array":
    """A column of texts that are mostly the same ones as a dictionary; any other as it is."""
    import pyarrow as pa

    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)) or len(array) < MANY:
        return array
    if len(array.slice(len(array) // 2, MANY).dictionary_encode().dictionary) > MANY // FEW:
        return array
    made = array.dictionary_encode()
    return made if len(made.dictionary) * FEW <= len(made) else array
