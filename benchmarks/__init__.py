"""Our engine beside its peers: ``python -m benchmarks`` writes docs/performance.md."""
