"""The command line: start here."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import click
from sqlalchemy.exc import OperationalError

from bot.runtime import data_lock, running
from bot.settings import Settings, SettingsError, load
from storage.migrate import upgrade_as_owner, upgrade_here


@click.group(invoke_without_command=True)
@click.pass_context
def cli(context: click.Context) -> None:
    """Kẻng: a ward's tip line. Without a command it serves."""
    if context.invoked_subcommand is None:
        context.invoke(serve)


@cli.command()
@click.option("--role", type=click.Choice(["all", "web", "worker"]), default="all", help="What this process does; all unless you know why.")
def serve(role: Literal["all", "web", "worker"]) -> None:
    """Run the line: doors, conversation, delivery."""
    with plain_errors():
        asyncio.run(_serve(load(), role))


@cli.command()
def migrate() -> None:
    """Bring the database to the newest version. On PostgreSQL as the owner of the tables."""
    with plain_errors():
        settings = load()
        where = settings.where_data_lives()
        if where.startswith("sqlite"):
            with data_lock(settings.data):
                upgrade_here(where)
        elif settings.database_owner_url:
            upgrade_as_owner(settings.database_owner_url, where)
        else:
            upgrade_here(where)
        click.echo("The database is at the newest version.")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Every foreseeable trouble as one line that says what to do."""
    try:
        yield
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
        raise click.ClickException(f"the database does not answer ({reason}); check KENG_DATABASE_URL") from None
    except OSError as error:
        raise click.ClickException(f"could not start: {error.strerror or error}; set KENG_PORT or KENG_DATA and try again") from None


async def _serve(settings: Settings, role: Literal["all", "web", "worker"]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with running(settings, role=role) as house:
        print(f"Kẻng is open. Residents: {house.address}/", flush=True)
        if house.ward().is_trial:
            print("Bản thử (trial): set KENG_DUTY_PHONE to the ward's duty number to open the line.", flush=True)
        await stop.wait()


def main() -> None:
    cli(prog_name="keng")


if __name__ == "__main__":
    main()
