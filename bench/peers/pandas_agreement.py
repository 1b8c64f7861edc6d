"""Agreement of every pair with pandas: read, spread, and products of indicator matrices.

The share of agreement is 1 minus the mean distance of the votes, where yes is 1, abstain 0, no -1.
"""

import json
import sys
import time

import numpy as np
import pandas as pd

begun = time.perf_counter()
kinds = {"rcid": "int16", "country": "category", "vote": "category"}
votes = pd.read_csv(sys.argv[1], dtype=kinds)
read = time.perf_counter()
levels = {"yes": 2, "abstain": 1, "no": 0}
scores = votes["vote"].map(levels).to_numpy("int8")
calls, columns = np.unique(votes["rcid"].to_numpy(), return_inverse=True)
codes = votes["country"].cat
countries = codes.categories
table = np.full((len(countries), len(calls)), -1, "int8")
table[codes.codes, columns] = scores
no, abstain, yes = ((table == level).astype("float32") for level in range(3))
voted = no + abstain + yes
common = voted @ voted.T
distance = yes @ no.T * 2
distance = distance + distance.T
aside = abstain @ (yes + no).T
distance = distance + aside + aside.T
with np.errstate(invalid="ignore"):
    share = 1 - distance.astype("float64") / (2 * common)
result = pd.DataFrame(share, countries, countries)
computed = time.perf_counter()
pairs = [
    (a, b, float(share[i, j]), int(common[i, j]))
    for i, a in enumerate(countries)
    for j, b in enumerate(countries)
    if a < b and common[i, j]
]
print(json.dumps({"read": read - begun, "computed": computed - read, "pairs": pairs}))
