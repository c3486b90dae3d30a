#!/usr/bin/env python3
"""Writes backtest-reference.csv, the references of ../Backtests/BacktestReferenceTests.swift.

Made with Python 3, numpy 2.4.6, pandas, empyrical-reloaded 0.7.1 and quantstats 0.0.86:

    python3 -m venv /tmp/bt && /tmp/bt/bin/pip install empyrical-reloaded quantstats
    /tmp/bt/bin/python make_backtest.py

The curve and the round trips are made of a linear congruential generator (Knuth's MMIX), in cents,
as `MadeUpBacktest` does in Swift. Rows are `key,value`.
"""
import csv
import pathlib

import empyrical as ep
import numpy as np
import pandas as pd
import quantstats.stats as qs

state = 20250720


def draw(bound):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 33) % bound


MINUTE = 60_000
START = 1_752_988_500_000  # 2025-07-20T05:15Z
STEP = 15 * MINUTE
COUNT = 96 * 47 + 30

cents = [1_000_000]
for _ in range(COUNT - 1):
    cents.append(cents[-1] + draw(4001) - 1985)
times = pd.to_datetime([START + i * STEP for i in range(COUNT)], unit="ms", utc=True)
equity = pd.Series(np.array(cents) / 100, index=times)

trades = []
for i in range(70):
    entry = 100_000 + draw(400_000)
    change = draw(20_001) - 9_800
    opened = START + (i * 16 * 60 + draw(900)) * MINUTE
    closed = opened + (1 + draw(3_000)) * MINUTE
    is_long = draw(2) == 0
    trades.append(dict(
        coin=["BTC", "ETH", "SOL"][draw(3)], long=is_long, entry=entry,
        gross=change, net=(change - 2 * 45) / 100, opened=opened, closed=closed,
        cause=["order", "stop", "target", "liquidation"][draw(4)], leverage=1 + draw(20),
        funding=(draw(101) - 50) / 100))
trades.sort(key=lambda t: t["closed"])
trips = pd.DataFrame(trades)

rows = {}
# Returns of UTC days: the first from the start, the last left out because it is not over.
closes = equity.resample("1D").last()
daily = pd.concat([pd.Series([10_000.0]), closes.iloc[:-1]]).pct_change().dropna()
daily.index = closes.index[:-1]
rows["return_days"] = len(daily)
rows["sharpe"] = ep.sharpe_ratio(daily, annualization=365)
assert abs(rows["sharpe"] - qs.sharpe(daily, periods=365)) < 1e-9
rows["sortino"] = ep.sortino_ratio(daily, annualization=365)
assert abs(rows["sortino"] - qs.sortino(daily, periods=365)) < 1e-9
rows["volatility_pct"] = 100 * ep.annual_volatility(daily, annualization=365)
rows["sharpe_risk_free_4"] = ep.sharpe_ratio(daily, risk_free=0.04 / 365, annualization=365)
rows["sortino_risk_free_4"] = ep.sortino_ratio(
    daily, required_return=0.04 / 365, annualization=365)
rows["days_won"] = int((daily > 0).sum())
rows["days_lost"] = int((daily < 0).sum())
rows["best_day_pct"] = 100 * daily.max()
rows["worst_day_pct"] = 100 * daily.min()

# Falls of every point.
returns = equity.pct_change().dropna()
rows["return_pct"] = 100 * (equity.iloc[-1] / equity.iloc[0] - 1)
rows["max_drawdown_pct"] = -100 * ep.max_drawdown(returns)
assert abs(rows["max_drawdown_pct"] + 100 * qs.max_drawdown(equity)) < 1e-9
rows["cagr_pct"] = 100 * ep.cagr(returns, annualization=365 * 96)
rows["calmar"] = ep.calmar_ratio(returns, annualization=365 * 96)
peaks = equity.cummax()
rows["drawdown_absolute_usd"] = (peaks - equity).max()
ms = np.array([START + i * STEP for i in range(COUNT)])
at_peak = ms[(equity >= peaks).to_numpy()]
longest = np.diff(np.append(at_peak, ms[-1]))
# Peaks that follow each other at once are no time under water.
longest = longest[longest > STEP] if (longest > STEP).any() else longest
rows["longest_under_water_ms"] = int(longest.max())
rows["max_usd"], rows["min_usd"] = equity.max(), equity.min()

# Round trips.
net = trips["net"]
rows["profit_factor"] = qs.profit_factor(net)
rows["payoff_ratio"] = qs.payoff_ratio(net)
rows["win_rate_pct"] = 100 * qs.win_rate(net)
rows["longest_wins"] = int(qs.consecutive_wins(net))
rows["longest_losses"] = int(qs.consecutive_losses(net))
rows["expectancy_usd"] = net.mean()
share = (net > 0).mean()
rows["expectancy_ratio"] = (1 + rows["payoff_ratio"]) * share - 1
rows["sqn"] = np.sqrt(len(net)) * net.mean() / net.std(ddof=1)
held = (trips["closed"] - trips["opened"]) / MINUTE
rows["holding_wins_minutes"] = held[net > 0].mean()
rows["holding_losses_minutes"] = held[net <= 0].mean()
rows["average_stake_usd"] = (trips["entry"] / 100 / trips["leverage"]).mean()
rows["trades_per_day"] = len(net) / ((ms[-1] - ms[0]) / 86_400_000)
rows["longs_net_usd"] = net[trips["long"]].sum()
rows["shorts_net_usd"] = net[~trips["long"]].sum()
for name, group in trips.groupby("coin"):
    rows[f"symbol_{name}_net_usd"] = group["net"].sum()
    rows[f"symbol_{name}_funding_usd"] = group["funding"].sum()
for name, group in trips.groupby("cause"):
    rows[f"exit_{name}_trades"] = len(group)
    rows[f"exit_{name}_net_usd"] = group["net"].sum()

# Calendar.
closed = pd.to_datetime(trips["closed"], unit="ms", utc=True)
for kind, key in [
    ("month", lambda t: t.strftime("%Y-%m")),
    ("week", lambda t: (t - pd.Timedelta(days=t.weekday())).strftime("%Y-%m-%d")),
]:
    ends = equity.groupby(key).last()
    counts = trips.groupby(closed.map(key)).size()
    for name, end in ends.items():
        rows[f"{kind}_{name}_end_usd"] = end
        rows[f"{kind}_{name}_trades"] = int(counts.get(name, 0))

path = pathlib.Path(__file__).with_name("backtest-reference.csv")
with path.open("w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["key", "value"])
    for key, value in rows.items():
        writer.writerow([key, repr(float(value))])
