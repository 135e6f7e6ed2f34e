"""The trust home: strict models of what a trust keeps by hand, and the configuration the lake is given.

Other rooms enter by the names below; `ingest.home.strict` serves whoever reads a file of the same kinds.
"""

from ingest.home.config import write_config
from ingest.home.group_register import read_group_register
from ingest.home.home import OF_RUNS_ALONE, Home, configuration_sha256, load_home
from ingest.home.new_home import create_home
from ingest.home.problems import ConfigurationError, Problem
from ingest.home.secret import Secret, make_secret, read_secret
from ingest.home.snapshot import keep_configuration, load_last_good

__all__ = [
    "OF_RUNS_ALONE",
    "ConfigurationError",
    "Home",
    "Problem",
    "Secret",
    "configuration_sha256",
    "create_home",
    "keep_configuration",
    "load_home",
    "load_last_good",
    "make_secret",
    "read_group_register",
    "read_secret",
    "write_config",
]
