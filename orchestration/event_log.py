"""Event log: Dagster's record of runs in SQLite, with its connections kept open while a process lasts.

Here lives one storage class, named in the home's dagster.yaml. Dagster's own opens and closes the database for every
event, several times over; with hundreds of events a run that is a third of a small refresh. The files, tables and
their place in the home stay Dagster's, so either reads what the other wrote.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

WAIT_SECONDS = 30
PLACE = ("history", "runs")  # where Dagster itself would put it below DAGSTER_HOME


class KeptEventLog(SqliteEventLogStorage):
    """As Dagster's own SQLite event log, one connection a database for as long as the process lives."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Nothing is to be set: the log lies below DAGSTER_HOME, wherever the home is moved to."""
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> KeptEventLog:
        """Return the log below DAGSTER_HOME; KeyError where Dagster was started without one."""
        return cls(str(Path(os.environ["DAGSTER_HOME"]).joinpath(*PLACE)), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engines.get(shard) or self._open(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _open(self, shard: str) -> Engine:
        engine = create_engine(
            self.conn_string_for_shard(shard),
            poolclass=QueuePool,
            pool_size=1,
            connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False},
        )
        # A record of runs may lose its last moments when the power fails; it need not wait for the disk each time.
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=NORMAL"))
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        self._engines[shard] = engine
        return engine

    def dispose(self) -> None:
        """Close every connection; the log may be used again and opens them anew."""
        super().dispose()
        while self._engines:
            self._engines.popitem()[1].dispose()
