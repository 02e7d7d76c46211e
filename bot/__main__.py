"""The command line: start here."""

import asyncio
import signal

import click

from bot.settings import Settings, SettingsError, load


@click.group(invoke_without_command=True)
@click.pass_context
def cli(context: click.Context) -> None:
    """Kẻng: a ward's tip line. Without a command it serves."""
    if context.invoked_subcommand is None:
        context.invoke(serve)


@cli.command()
def serve() -> None:
    """Run the line: doors, conversation, delivery."""
    try:
        settings = load()
        asyncio.run(_serve(settings))
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"could not start: {error.strerror or error}; set KENG_PORT or KENG_DATA and try again") from None


async def _serve(settings: Settings) -> None:
    from bot.runtime import running

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with running(settings) as house:
        print(f"Kẻng is open. Residents: {house.address}/", flush=True)
        if house.ward().is_trial:
            print("Bản thử (trial): set KENG_DUTY_PHONE to the ward's duty number to open the line.", flush=True)
        await stop.wait()


def main() -> None:
    cli(prog_name="keng")


if __name__ == "__main__":
    main()
