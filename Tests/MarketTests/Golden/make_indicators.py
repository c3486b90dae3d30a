#!/usr/bin/env python3
"""Writes candles*.csv and indicators*.csv, the references of IndicatorGoldenTests.

Made with Python 3.11, TA-Lib 0.6.8 (C library 0.6.4, bundled in the wheel) and numpy 2.4.6:

    python3 -m venv /tmp/ta && /tmp/ta/bin/pip install TA-Lib==0.6.8
    /tmp/ta/bin/python make_indicators.py

TA-Lib computes every column except `macd_plain*` (averages seeded separately), `vwap_day` and
`vwap_roll20`, which TA-Lib does not have: they follow their definitions below, with exact sums.
An empty cell means that there is no value.

Two made-up series (seed below): `candles.csv` moves from the first candle on, so that each way
of seeding shows; `candles_flat.csv` begins flat and later has no direction for long. Prices are multiples of 1/64 near 1000, so that sums of
prices and of their squares are exact and TA-Lib's running sums cannot drift: where a price is
flat, its answer is the exact one.
"""

import math
import os
import random

import numpy as np
import talib

SEED = 20250726
START_MS = 1741946400000  # 2025-03-14T10:00Z, not the beginning of a day
STEP_MS = 900_000
HERE = os.path.dirname(os.path.abspath(__file__))


def tick(price):
    return round(price * 64) / 64


class Series:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.rows = []
        self.time, self.last = START_MS, 1000.0

    def bar(self, open_, high, low, close, volume):
        self.rows.append((self.time, open_, high, low, close, volume))
        self.time += STEP_MS
        self.last = close

    def walk(self, count, drift, spread, wick=1.0, quiet=0.0):
        rng = self.rng
        for _ in range(count):
            open_ = self.last
            close = tick(open_ + drift + rng.gauss(0, spread))
            high = tick(max(open_, close) + abs(rng.gauss(0, spread)) * wick)
            low = tick(min(open_, close) - abs(rng.gauss(0, spread)) * wick)
            volume = 0.0 if rng.random() < quiet else round(rng.expovariate(1 / 40), 5)
            self.bar(open_, high, low, close, volume)

    def flat(self, count, volume):
        for _ in range(count):
            self.bar(self.last, self.last, self.last, self.last, volume)

    def gap(self, factor, candles=0):
        self.last = tick(self.last * factor)
        self.time += candles * STEP_MS

    def undirected(self, count):
        """Inside and outside bars in turn: a range, but no direction."""
        for turn in range(count):
            span = 2.0 + turn % 2 * 6.0
            self.bar(self.last, self.last + span, self.last - span, self.last, 3.25)


def moving():
    series = Series(SEED)
    series.walk(120, 0.0, 4.0)
    series.walk(60, 2.5, 3.0)
    series.gap(1.06)
    series.walk(40, -3.5, 3.0, quiet=0.3)
    series.gap(0.93, candles=40)  # ten hours without candles
    series.walk(50, 0.0, 8.0)
    series.flat(25, 12.5)  # flat, but traded
    series.walk(20, 1.0, 0.0, wick=0.0)  # straight up, without wicks
    series.walk(20, -1.0, 0.0, wick=0.0)  # straight down
    series.undirected(30)
    series.walk(30, 0.0, 5.0, quiet=0.8)
    series.flat(250, 0.0)  # until Wilder's averages of 7 fade below TA-Lib's epsilon
    series.walk(95, 0.0, 6.0)
    return series.rows


def flat():
    series = Series(SEED + 1)
    series.flat(60, 0.0)  # no range, no volume: from the very first candle
    series.walk(60, 0.5, 3.0)
    series.undirected(500)  # until both movements fade below TA-Lib's epsilon
    series.walk(30, -0.5, 3.0)
    return series.rows


def plain_ema(values, period):
    out = [math.nan] * len(values)
    begin = next((i for i, v in enumerate(values) if not math.isnan(v)), len(values))
    first = begin + period - 1
    if first >= len(values):
        return out
    out[first] = math.fsum(values[begin : first + 1]) / period
    for i in range(first + 1, len(values)):
        out[i] = out[i - 1] + (values[i] - out[i - 1]) * 2 / (period + 1)
    return out


def weighted(prices, volumes):
    total = math.fsum(volumes)
    if total <= 0:
        return math.nan
    return math.fsum(p * v for p, v in zip(prices, volumes)) / total


def columns(rows):
    times = [r[0] for r in rows]
    high, low, close, volume = (np.array([r[i] for r in rows]) for i in (2, 3, 4, 5))
    out = {}
    for n in (20, 50):
        out[f"ema{n}"] = talib.EMA(close, n)
    for n in (20, 50):
        out[f"sma{n}"] = talib.SMA(close, n)
    out["macd"], out["macd_signal"], out["macd_hist"] = talib.MACD(close, 12, 26, 9)
    fast, slow = plain_ema(list(close), 12), plain_ema(list(close), 26)
    line = [f - s for f, s in zip(fast, slow)]
    signal = plain_ema(line, 9)
    out["macd_plain"] = line
    out["macd_plain_signal"] = signal
    out["macd_plain_hist"] = [a - b for a, b in zip(line, signal)]
    for n in (7, 14):
        out[f"rsi{n}"] = talib.RSI(close, n)
    for n in (3, 14):
        out[f"atr{n}"] = talib.ATR(high, low, close, n)
    out["bb_upper"], out["bb_mid"], out["bb_lower"] = talib.BBANDS(close, 20, 2, 2)
    out["adx14"] = talib.ADX(high, low, close, 14)
    out["plus_di14"] = talib.PLUS_DI(high, low, close, 14)
    out["minus_di14"] = talib.MINUS_DI(high, low, close, 14)
    out["stochf_k14"], out["stochf_d3"] = talib.STOCHF(high, low, close, 14, 3)
    out["stoch_slowk"], out["stoch_slowd"] = talib.STOCH(high, low, close, 14, 3, 0, 3, 0)
    out["obv"] = talib.OBV(close, volume)
    typical = [(h + l + c) / 3 for h, l, c in zip(high, low, close)]
    days = [t // 86_400_000 for t in times]
    out["vwap_day"] = [
        weighted(typical[days.index(day) : i + 1], volume[days.index(day) : i + 1])
        for i, day in enumerate(days)
    ]
    out["vwap_roll20"] = [
        weighted(typical[i - 19 : i + 1], volume[i - 19 : i + 1]) if i >= 19 else math.nan
        for i in range(len(rows))
    ]
    return times, out


def cell(value):
    return "" if math.isnan(value) else repr(float(value))


def write(suffix, rows):
    with open(os.path.join(HERE, f"candles{suffix}.csv"), "w") as file:
        file.write("timestamp_ms,open,high,low,close,volume\n")
        for row in rows:
            file.write(",".join([str(row[0])] + [repr(float(x)) for x in row[1:]]) + "\n")
    times, out = columns(rows)
    with open(os.path.join(HERE, f"indicators{suffix}.csv"), "w") as file:
        file.write(",".join(["timestamp_ms"] + list(out)) + "\n")
        for i, time in enumerate(times):
            file.write(",".join([str(time)] + [cell(out[key][i]) for key in out]) + "\n")


write("", moving())
write("_flat", flat())
print(f"talib {talib.__version__}, C {talib.__ta_version__}, numpy {np.__version__}")
