"""Remarks on records: who may read and write them, their threads, their addresses."""
