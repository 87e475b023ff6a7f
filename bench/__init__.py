"""Benches: what things cost, as ratios paired in one run (bench/README.md)."""
