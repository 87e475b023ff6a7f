"""THE PROCESS. The command line, the settings, the one place that builds, and the worker."""

__version__ = "0.1.0"
