#!/usr/bin/env python3
"""Writes significance.csv, the references of the tests in ../Significance.

Made with Python 3.11+, numpy 2.4.6, scipy 1.17.1 and arch 8.0.0:

    python3 -m venv /tmp/st && /tmp/st/bin/pip install numpy scipy arch
    /tmp/st/bin/python make_significance.py

Rows are `kind,parameter,x,value`; numbers are written so that they read back exactly:

- `ln`, `exp`: of x, numpy.
- `normal_cdf`, `normal_quantile`: scipy.stats.norm.
- `student_cdf`, `student_two_sided`, `student_quantile`: scipy.stats.t with `parameter` degrees
  of freedom; the last is the value exceeded in magnitude with probability x.
- `series`: value number x of the made-up series named by `parameter`.
- `block_length`: arch.bootstrap.optimal_block_length of it, column `stationary`, at least 1.
- `error_of_mean`: standard error of its mean by the equal-weighted cosine estimator, x waves,
  from scipy.fft.dct (type 2).
- `sharpe`, `skewness`, `kurtosis`, `psr`, `minimum_count`: of it, with numpy and scipy.stats;
  Bailey & Lopez de Prado (2012), benchmark 0, 95 %.
- `expected_best`: of the Sharpe ratios of all series, Bailey & Lopez de Prado (2014).
"""

import csv
import os

import numpy as np
from arch.bootstrap import optimal_block_length
from scipy import fft, stats

rng = np.random.default_rng(20261121)
rows = []


def add(kind, parameter, x, value):
    rows.append((kind, parameter, repr(float(x)), repr(float(value))))


def autoregressive(phi, count):
    values = [rng.standard_normal()]
    for _ in range(count - 1):
        values.append(phi * values[-1] + np.sqrt(1 - phi * phi) * rng.standard_normal())
    return np.array(values)


for x in [1e-300, 1e-9, 0.01, 0.5, 0.7071067811865476, 0.99, 1, 1.01, 1.5, 2, 3, 10, 1e5, 1e300]:
    add("ln", "", x, np.log(x))
for x in [-740, -700, -20.5, -1, -1e-9, 0, 1e-9, 0.3, 0.5, 1, 2.5, 20, 700, 709]:
    add("exp", "", x, np.exp(x))
for x in [-37, -9, -5, -4.01, -3.99, -3, -2, -1.96, -1, -0.1, 0, 0.1, 0.5, 1, 1.645, 3, 4.5, 8]:
    add("normal_cdf", "", x, stats.norm.cdf(x))
for x in [1e-200, 1e-12, 1e-6, 0.001, 0.025, 0.05, 0.3, 0.5, 0.6, 0.9, 0.95, 0.975, 0.9999]:
    add("normal_quantile", "", x, stats.norm.ppf(x))
for degrees in [2, 8, 16, 24]:
    for x in [-30, -5, -2, -0.5, 0, 0.3, 1, 2.5, 4, 12]:
        add("student_cdf", degrees, x, stats.t.cdf(x, degrees))
        add("student_two_sided", degrees, x, 2 * stats.t.sf(abs(x), degrees))
    for x in [0.5, 0.1, 0.05, 0.01, 0.001, 0.00001]:
        add("student_quantile", degrees, x, stats.t.ppf(1 - x / 2, degrees))

series = {
    "normal30": 0.001 + 0.02 * rng.standard_normal(30),
    "normal365": 0.001 + 0.02 * rng.standard_normal(365),
    "tails90": 0.002 + 0.02 * rng.standard_t(3, 90),
    "ar05_90": 0.003 + 0.02 * autoregressive(0.5, 90),
    "ar08_365": -0.001 + 0.02 * autoregressive(0.8, 365),
}
ratios = []
for name, values in series.items():
    for index, value in enumerate(values):
        add("series", name, index, value)
    add("block_length", name, 0, max(1, optimal_block_length(values)["stationary"].iloc[0]))
    count = len(values)
    waves = 8 if count < 58 else 16 if count < 125 else 24
    # scipy's type 2 is 2 * sum of x * cos(pi * k * (2t + 1) / (2n)).
    sums = fft.dct(values, type=2)[1 : waves + 1] / 2
    add("error_of_mean", name, waves, np.sqrt(2 * np.mean(sums**2)) / count)
    ratio = values.mean() / values.std(ddof=1)
    skewness, kurtosis = stats.skew(values), stats.kurtosis(values, fisher=False)
    spread = 1 - skewness * ratio + (kurtosis - 1) / 4 * ratio**2
    add("sharpe", name, 0, ratio)
    add("skewness", name, 0, skewness)
    add("kurtosis", name, 0, kurtosis)
    add("psr", name, 0, stats.norm.cdf(ratio * np.sqrt(count - 1) / np.sqrt(spread)))
    if ratio > 0:
        add("minimum_count", name, 0, 1 + spread * (stats.norm.ppf(0.95) / ratio) ** 2)
    ratios.append(ratio)
n = len(ratios)
add(
    "expected_best", "", 0,
    np.std(ratios, ddof=1)
    * (
        (1 - np.euler_gamma) * stats.norm.ppf(1 - 1 / n)
        + np.euler_gamma * stats.norm.ppf(1 - 1 / (n * np.e))
    ),
)

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "significance.csv")
with open(path, "w", newline="") as file:
    csv.writer(file, lineterminator="\n").writerows([("kind", "parameter", "x", "value"), *rows])
