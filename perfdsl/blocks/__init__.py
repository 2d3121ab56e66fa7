"""A program as numpy code over blocks of rows, exact and quick (docs/batch.md)."""

from perfdsl.blocks.source import Source, arena, whole

__all__ = ["Source", "arena", "whole"]
