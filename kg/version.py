"""The version of the package, read by the build and by ``kg info``."""

__version__ = "0.1.0"
