"""The way to the database: a pool of connections, transactions, and psycopg's errors as ours."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Self

import psycopg
from psycopg import Notify, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from geodata.errors import (
    InvalidInput,
    RoleRefused,
    StoreDeadlock,
    StoreError,
    StoreRejected,
    StoreTimeout,
    StoreUnavailable,
)
from geodata.messages.message import message
from geodata.security.login_url import ENCODE, misread
from geodata.store import session_role
from geodata.store.transaction import Transaction

# TimescaleDB would refuse a late batch that touches many compressed rows, each time it is tried again; where the
# extension is absent PostgreSQL keeps the unknown setting and nobody reads it.
# psycopg reads times in the style ISO only, whatever the city's other programs have set for the login.
_SESSION = (
    "-c timezone=UTC -c datestyle=ISO -c synchronous_commit=on"
    " -c timescaledb.max_tuples_decompressed_per_dml_transaction=0"
)

# SQLSTATE classes after which the very same call may succeed: connection, resources, operator intervention,
# serialization and lock conflicts, read-only while failing over, I/O.
_TRANSIENT_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})
_TRANSIENT_STATES = frozenset({"25006", "42501"})  # read-only transaction; rights that an operator can grant
_DEADLOCK_STATES = frozenset({"40001", "40P01"})
# Statement timeout, or cancelled by an operator; a transaction in which this program was busy with itself or which
# lasted for too long.
_TIMEOUT_STATES = frozenset({"57014", "25P03", "25P04"})


def translate(error: psycopg.Error) -> StoreError:
    """Tell what is worth trying again from what the database will never take."""
    state = error.sqlstate
    reason = (error.diag.message_primary or str(error) or type(error).__name__).strip()
    if state is None and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        first_line = reason.splitlines()[0].removeprefix("connection failed: ")  # the others ask or guess
        return StoreUnavailable(f"The database cannot be reached: {first_line}")
    if state is None:  # raised by the driver before anything was sent: a NUL in a text, for one
        return StoreRejected(f"The database would refuse these values: {reason}")
    if state in _TIMEOUT_STATES:
        return StoreTimeout(f"The database took too long: {reason} (SQLSTATE {state})")
    if state[:2] in _TRANSIENT_CLASSES or state in _TRANSIENT_STATES:
        kind = StoreDeadlock if state in _DEADLOCK_STATES else StoreUnavailable
        return kind(f"The database cannot do this now: {reason} (SQLSTATE {state})")
    if state[:2] in {"22", "23"}:
        return StoreRejected(f"The database refuses these values: {reason} (SQLSTATE {state})")
    return StoreError(f"The database refused a statement: {reason} (SQLSTATE {state})")


@contextmanager
def translated() -> Generator[None]:
    """Let no psycopg error out of the store."""
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable("The database did not answer in time.") from error
    except psycopg.Error as error:
        raise translate(error) from error


def check_url(url: str) -> str:
    """Return ``url`` when libpq can read it as it was meant; raise InvalidInput otherwise. The password never shows."""
    hint: str | None = misread(url, ends="/", is_libpq=True)
    try:
        conninfo_to_dict(url)
    except psycopg.Error as error:
        hint = hint or _why_unreadable(url, str(error).strip())
    if hint is None:
        return url
    expected = "a PostgreSQL address such as postgresql://user:password@host/database"
    raise InvalidInput(message("{setting[database_url]}"), "(not shown)", expected, hint)


def _why_unreadable(url: str, reason: str) -> str:
    """What libpq says where its words cannot quote a piece of the password; else what is most likely."""
    parameter = re.fullmatch(r'invalid URI query parameter: "(\w+)"', reason)
    behind = url.rpartition("@")[2]
    if url.count("?") == 1 and parameter and re.search(rf"[?&]{parameter[1]}=", behind):
        return reason
    return ENCODE if "@" in url or "pass" in url.casefold() else reason


class Database:
    """A pool of connections to one database, working in one role.

    ``role`` is a database role to work as (``digitalpfad_gateway``, ``digitalpfad_web``) where it exists, see
    session_role; without one the login's own rights hold. ``statement_timeout_s`` bounds every statement.
    """

    def __init__(
        self,
        url: str,
        *,
        role: str = "",
        pool_size: int = 4,
        statement_timeout_s: float = 30,
        name: str = "digitalpfad",
    ) -> None:
        options = f"{_SESSION} -c statement_timeout={int(statement_timeout_s * 1000)}"
        self._conninfo = make_conninfo(
            check_url(url),
            options=" ".join(filter(None, [str(conninfo_to_dict(url).get("options") or ""), options])),
            application_name=name,
            connect_timeout="5",
            keepalives_idle="10",
            keepalives_interval="5",
            keepalives_count="3",
            tcp_user_timeout="20000",  # keep-alives do not run while sent bytes wait for their receipt
        )
        self._role = role
        self._refusal: RoleRefused | None = None
        self._pool = ConnectionPool(
            self._conninfo,
            min_size=1,
            max_size=pool_size,
            open=False,  # opened by open(): building an object must not connect
            configure=self._configure,
            check=ConnectionPool.check_connection,  # the pool itself would hand out connections dead since a restart
            reconnect_timeout=10,
            timeout=5,
            kwargs={"autocommit": False},
        )

    def open(self, timeout_s: float = 10, *, wait: bool = True) -> Self:
        """Connect; raise StoreUnavailable with the reason, also after ``timeout_s``, RoleRefused at once.

        Without ``wait`` the connections are made in the background, as soon as the server answers.
        """
        if wait:
            self.check_role()  # the pool would try again until the time is over, write each attempt and no reason
        with translated():
            self._pool.open(wait=wait, timeout=timeout_s)
        return self

    def close(self) -> None:
        """Give all connections back."""
        self._pool.close(timeout=2)

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Generator[Transaction]:
        """One transaction: committed at the end of the block, rolled back by any exception."""
        if self._refusal is not None:
            self.check_role()  # the pool would only say that nobody answers
        with translated():
            try:
                with self._pool.connection() as connection:
                    yield connection
            except PoolTimeout:
                if self._refusal is not None:
                    raise self._refusal from None
                raise

    def check_role(self) -> None:
        """Connect once; raise RoleRefused when this login may not work in the role, StoreUnavailable as usual."""
        self.connect().close()

    def ping(self) -> None:
        """Raise StoreUnavailable when the database does not answer."""
        with self.transaction() as connection:
            connection.execute("SELECT 1")

    def connect(self, options: str = "") -> Transaction:
        """A separate connection, outside the pool, in autocommit; ``options`` as libpq's. The caller closes it."""
        ours = str(conninfo_to_dict(self._conninfo)["options"])
        with translated():
            connection = psycopg.connect(make_conninfo(self._conninfo, options=f"{ours} {options}"), autocommit=True)
            try:
                self._configure(connection)
            except (psycopg.Error, RoleRefused):
                connection.close()
                raise
        return connection

    @contextmanager
    def listener(self, *channels: str) -> Generator[Transaction]:
        """A separate connection that listens on ``channels``; read it with notifications()."""
        with translated(), self.connect() as connection:
            for channel in channels:
                connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            yield connection

    def _configure(self, connection: Transaction) -> None:
        try:
            session_role.take(connection, self._role)
        except RoleRefused as refusal:
            self._refusal = refusal
            raise
        self._refusal = None
        if not connection.autocommit:
            connection.commit()


def notifications(connection: Transaction, timeout_s: float) -> Iterator[Notify]:
    """What arrives on a listener() connection; ends after ``timeout_s`` without anything, or when asked again."""
    with translated():
        yield from connection.notifies(timeout=timeout_s)
