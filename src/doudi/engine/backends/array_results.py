"""Values of all households as one Arrow column of the result."""

from __future__ import annotations

import numpy as np
import numpy.ma
import pyarrow as pa

from doudi.engine.backends.arrays import Code, Day, Truth, Values, unknown

CODES = pa.dictionary(pa.int32(), pa.string())
"""How codes are handed on."""


def column(values: Values, count: int) -> pa.Array:
    """Empty where unknown; numbers as decimals of their own scale, codes as places in a list of words."""
    gone = unknown(values)
    mask = None if gone is None else np.broadcast_to(gone, count)
    if isinstance(values, Truth):
        return pa.array(np.broadcast_to(values.t, count), mask=mask)
    if isinstance(values, Code):
        places = pa.array(np.broadcast_to(values.i, count), pa.int32(), mask=mask)
        return pa.DictionaryArray.from_arrays(places, pa.array(values.words, pa.string()))
    if isinstance(values, Day):
        return pa.array(np.broadcast_to(values.v, count).astype(np.int32), pa.int32(), mask=mask).cast(pa.date32())
    whole = np.broadcast_to(np.asarray(values.v, np.int64), count)
    words = np.column_stack([whole, whole >> 63])
    validity = None if mask is None else pa.py_buffer(np.packbits(~mask, bitorder="little"))
    return pa.Array.from_buffers(pa.decimal128(38, values.scale), count, [validity, pa.py_buffer(words)])
