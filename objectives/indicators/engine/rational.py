"""Exact numbers in, decimal text out."""

from decimal import Decimal
from fractions import Fraction


def exact(value: Fraction | int | Decimal) -> Fraction:
    """`value` as an exact rational.

    Raises ValueError for a float (its binary value is not what the user typed) and for a
    Decimal that is not finite, so that NaN and infinity never enter the engine.
    """
    if type(value) is Fraction:  # most are
        return value
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"not a finite number: {value}")
    if not isinstance(value, Fraction | int | Decimal):
        raise ValueError(f"not an exact number: {value!r}")
    return Fraction(value)


def make_exact(instance: object, *names: str) -> None:
    """Turn int and Decimal fields into rationals: an int division would give a float."""
    for name in names:
        value = getattr(instance, name)
        if value is not None:
            object.__setattr__(instance, name, exact(value))


def render_decimal(value: Fraction, decimals: int) -> str:
    """`value` as a decimal with a point and exactly `decimals` decimals.

    Half-up means away from zero, as people round by hand: 0.5 -> 1, -0.5 -> -1. Never "-0".
    Raises ValueError when `decimals` is negative.
    """
    if decimals < 0:
        raise ValueError("decimals must not be negative")
    scaled = abs(value) * 10**decimals
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = str(units).rjust(decimals + 1, "0")
    sign = "-" if value < 0 and units else ""
    if not decimals:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"
