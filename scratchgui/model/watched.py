"""Attributes that tell when they change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject, SignalInstance

T = TypeVar("T")


class Watched(Generic[T]):
    """An attribute that is brought into its range when set, and told by the signal `<name>_changed` when it differs."""

    def __init__(self, default: T, clean: Callable[[T], T]) -> None:
        self._default = default
        self._clean = clean

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Watched[T]: ...
    @overload
    def __get__(self, instance: QObject, owner: type) -> T: ...
    def __get__(self, instance: QObject | None, owner: type) -> T | Watched[T]:
        if instance is None:
            return self
        return cast("T", instance.__dict__.get(self._name, self._default))

    def __set__(self, instance: QObject, value: T) -> None:
        value = self._clean(value)
        if value == self.__get__(instance, type(instance)):
            return
        instance.__dict__[self._name] = value
        cast("SignalInstance", getattr(instance, f"{self._name}_changed")).emit(value)


def integer(low: int, high: int) -> Callable[[int], int]:
    """Return what brings a whole number into a range."""
    return lambda value: min(max(int(value), low), high)


def number(low: float, high: float) -> Callable[[float], float]:
    """Return what brings a number into a range."""
    return lambda value: min(max(float(value), low), high)
