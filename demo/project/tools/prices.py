"""Reads a price list and reports what changed."""

import csv
from dataclasses import dataclass


@dataclass
class Price:
    sku: str
    cents: int


def read_prices(path):
    """Reads a CSV file with the columns sku and cents."""
    prices = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            prices[row["sku"]] = Price(row["sku"], int(row["cents"]))
    return prices


def changed_prices(old, new):
    changes = []
    for sku, price in new.items():
        if sku in old and old[sku].cents != price.cents:
            changes.append((sku, old[sku].cents, price.cents))
    return changes
