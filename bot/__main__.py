"""The command line: start here."""

import asyncio
import gc
import getpass
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NoReturn

import click
from sqlalchemy.exc import OperationalError

from bot import copying, keys, logs, offline, offline_leaders
from bot.runtime import running
from bot.settings import Settings, SettingsError, load
from bot.unlocking import data_lock
from bot.working import working
from handlers import texts
from handlers.officers import ROLES, Mistake
from storage import moments
from storage.master_key import KeyTrouble
from storage.migrate import upgrade_as_owner, upgrade_here
from storage.queries.chain import Head
from storage.snapshot_files import CopyTrouble
from storage.vault import Sealed, WrongMaster
from storage.verify import Report

_SETTLED_AFTER_SECS = (20.0, 600.0)


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
        settings = load()
        logs.set_up(settings.log_level)
        asyncio.run(_serve(settings, role))


@cli.command()
@click.option("--seed", default=1, show_default=True, help="The same seed tells the same stories, counted back from now.")
@click.option("--months", type=click.IntRange(1, 24), default=6, show_default=True, help="How far back it goes.")
@click.option("--tips", type=click.IntRange(40, 20_000), default=400, show_default=True, help="About how many.")
@click.option("--anew", is_flag=True, help="Take the demo that is there away and make another.")
@click.option("--only-build", is_flag=True, help="Make it and do not serve it.")
def demo(seed: int, months: int, tips: int, anew: bool, only_build: bool) -> None:
    """A ward of made-up people to try everything with, in a folder of its own; it reaches no platform."""
    from bot.demo import folder  # Drawing and stories, and only for who looks at them.

    with plain_errors():
        settings = folder.settings_for(load())
        if anew:
            folder.take_away(settings)
        made = folder.made_in(settings.data)
        if made is None:
            gc.disable()  # Half a minute of small things, all of which go at its end.
            started = time.monotonic()
            made, _told = folder.make(settings, seed=seed, months=months, tips=tips)
            gc.enable()
            click.echo(f"Made in {time.monotonic() - started:.0f} seconds, in {settings.data.resolve()}.")
        elif (made.seed, made.months) != (seed, months):
            click.echo(f"There is a demo of seed {made.seed} already; --anew makes another.")
        for line in folder.told_to_try(made, f"http://{settings.host}:{settings.port}"):
            click.echo(line)
        if not only_build:
            logs.set_up(settings.log_level)
            asyncio.run(_serve(settings, "all"))


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


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--keep", type=click.IntRange(min=1), help="How many copies stay in the folder; KENG_BACKUP_KEEP if it is left out.")
def backup(folder: Path, keep: int | None) -> None:
    """Copy everything, sealed, into a folder; the house may go on serving."""
    with plain_errors(), working("Copying"):
        for line in copying.back_up_into(load(), folder, keep=keep):
            click.echo(line)


@cli.command()
@click.argument("source", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--snapshot", default="", help="Which copy; the newest if it is left out.")
@click.option("--shred-list", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A newer shred list than the copies hold.")
def restore(source: Path, snapshot: str, shred_list: Path | None) -> None:
    """Bring a house back from a copy, on an empty machine. It stays closed until the chief opens it."""
    with plain_errors(), working("Restoring"):
        for line in copying.restore_from(load(), source, snapshot=snapshot, more_shredded=shred_list):
            click.echo(line)


@cli.group()
def officer() -> None:
    """Accounts of officers."""


@officer.command("add")
@click.option("--login", required=True, help="Small letters without marks, digits, dots.")
@click.option("--role", type=click.Choice(ROLES), default="duty", show_default=True)
@click.option("--name", default="", help="Full name; the login if it is left out.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it.")
def officer_add(login: str, role: str, name: str, password_stdin: bool) -> None:
    """Make an account."""
    with plain_errors():
        offline.add_officer(load(), login=login, role=role, name=name, password=_password(password_stdin))
        click.echo(f"{login.strip().lower()} may sign in as {role}.")


@officer.command("reset")
@click.option("--login", required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it.")
def officer_reset(login: str, password_stdin: bool) -> None:
    """Give an account a new password; whoever was signed in with the old one is out."""
    with plain_errors():
        offline.reset_password(load(), login=login, password=_password(password_stdin))
        click.echo(f"{login.strip().lower()} has a new password.")


@officer.command("clear-code")
@click.option("--login", required=True)
def officer_clear_code(login: str) -> None:
    """Clear a lost second factor, and the PIN; they are out, and set a new one right after their next password."""
    with plain_errors():
        offline.clear_second_factor(load(), login=login)
        click.echo(f"{login.strip().lower()} signs in with the password once more, and sets a new second factor.")


@officer.command("list")
def officer_list() -> None:
    """Every account: login, role, name."""
    with plain_errors():
        for seen in offline.list_officers(load()):
            click.echo(f"{seen.login}\t{seen.role}\t{seen.name}{' (closed)' if seen.is_disabled else ''}")


@cli.group()
def leader() -> None:
    """Leaders of neighbourhoods, who post the ward's warnings in their own groups. They have no password: a link lets them in."""


@leader.command("add")
@click.option("--login", required=True, help="Small letters without marks, digits, dots.")
@click.option("--name", required=True, help="Full name.")
@click.option("--area", "areas", multiple=True, required=True, help="A neighbourhood by its name in the ward's list; may be given again.")
@click.option("--phone", default="", help="To call them by hand; stored sealed.")
def leader_add(login: str, name: str, areas: tuple[str, ...], phone: str) -> None:
    """Make a leader's account, and a link that signs them in once within a day."""
    with plain_errors():
        for line in offline_leaders.add(load(), login=login, name=name, areas=areas, phone=phone):
            click.echo(line)


@leader.command("link")
@click.option("--login", required=True)
def leader_link(login: str) -> None:
    """A new link for a leader; the one before it is worth nothing any more."""
    with plain_errors():
        for line in offline_leaders.make_link(load(), login=login):
            click.echo(line)


@leader.command("list")
def leader_list() -> None:
    """Every leader: login, name, neighbourhoods. No phone numbers: those stand at the desk, where each look is noted."""
    with plain_errors():
        for line in offline_leaders.listed(load()):
            click.echo(line)


@cli.command()
@click.argument("codes", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, required=True, help="One JSON line per code.")
@click.option("--words", is_flag=True, help="The words too; it stands in the history of the tip.")
def tip(codes: tuple[str, ...], as_json: bool, words: bool) -> None:
    """What is stored of a tip. `-` reads codes from standard input, one a line."""
    typed = [line.strip() for line in sys.stdin if line.strip()] if codes == ("-",) else list(codes)
    with plain_errors():
        for line in offline.describe_tips(load(), typed, words=words):
            click.echo(json.dumps(line, ensure_ascii=False))


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Counts and differences as one JSON value.")
@click.option(
    "--head", is_flag=False, flag_value="", default=None, metavar="[HEAD]", help="Print the head of the history; or check one noted before."
)
def verify(as_json: bool, head: str | None) -> None:
    """Compare everything that is stored with its history. Ends with 1 when anything differs."""
    with plain_errors():
        if head == "":
            click.echo(str(offline.head_of(load())))
            return
        noted = Head.read(head) if head else None
        if head and noted is None:
            raise click.ClickException("a head is written like 1204-9f3a-22bc-0d1e-77aa")
        with working("Comparing"):
            report = offline.verify_all(load(), head=noted)
    if as_json:
        click.echo(json.dumps({"counts": report.counts, "head": report.head, "differences": report.differences}))
    else:
        _tell(report)
    raise SystemExit(1 if report.differences else 0)


@cli.command()
def recount() -> None:
    """Count all figures anew from the history, where verify says that they differ. The house may go on serving."""
    with plain_errors():
        offline.recount(load())
    click.echo("All figures are counted anew. ./keng verify compares them.")


def _tell(report: Report) -> None:
    for name, count in report.counts.items():
        click.echo(f"{name}: {count}")
    click.echo(f"head: {report.head}")
    for found in report.differences:
        click.echo(f"DIFFERS  {found['kind']} {found['id'] or ''} {found['what']}".rstrip())
    click.echo(f"{len(report.differences)} differences." if report.differences else "All is as its history says.")


@cli.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be shredded now.")
def forget(dry_run: bool) -> None:
    """Shred what is over its time now; the house does it by itself every half minute."""
    with plain_errors():
        for name, count in offline.forget_now(load(), only_tell=dry_run).items():
            click.echo(f"{name}: {count}{' or more' if count >= 200 else ''}")
        click.echo("Nothing was changed." if dry_run else "Shredded. What stood in older backups goes with the last of them.")


@cli.command()
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("keng-poster.pdf"), show_default=True, help="The file."
)
@click.option("--a5", "is_a5", is_flag=True, help="Half the size.")
def poster(out: Path, is_a5: bool) -> None:
    """A sheet to hang up, as PDF: every way to reach the ward police."""
    from bot.poster import write_poster  # Fonts and drawing, and only for who prints.

    with plain_errors():
        for line in write_poster(load(), out, is_a5=is_a5):
            click.echo(line)


@cli.group()
def key() -> None:
    """The master key that everything stored is sealed under."""


@key.command("export")
@click.option("--out", type=click.Path(dir_okay=False), default="-", help="A file instead of the terminal; only its owner may read it.")
def key_export(out: str) -> None:
    """A recovery sheet to print and to keep in a signed envelope."""
    with plain_errors():
        sheet = keys.recovery_sheet(load(), today=moments.local(moments.now()).date())
        if out == "-":
            click.echo(sheet)
            return
        with open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(sheet)
        click.echo(f"Print {out}, then delete it.")


@key.command("rotate")
@click.option("--compromised", is_flag=True, help="Somebody may have the keys: new keys for every tip and chat and for search too.")
def key_rotate(compromised: bool) -> None:
    """A new master key. What is sealed, and every hash, stays as it is; the house may go on serving. Ends with 1 when anything did not
    open and was left as it is."""
    with plain_errors():
        if compromised:
            renewed = keys.renew_all(load())
            click.echo(
                f"{renewed.left} tips and chats are sealed anew by the running house, or by the next one to start; /healthz counts them."
            )
            click.echo("What stands in the history stays under the old keys; whoever copied the data before can read what they copied.")
        else:
            renewed = keys.rotate(load())
        rest = "Everything else" if renewed.broken else "Everything"
        click.echo(f"{rest} is under the new master key. Print a new recovery sheet: ./keng key export")
        click.echo("Backups made before still need the old one; keep its sheet until the last of them is gone.")
    for cell in renewed.broken:
        click.echo(f"DOES NOT OPEN  {cell}")
    if renewed.broken:
        click.echo(f"{len(renewed.broken)} left as they are: changed, or broken. ./keng verify tells more.")
        raise SystemExit(1)


@cli.group()
def bench() -> None:
    """Measure this house on this machine."""


@bench.command("intake")
@click.option("--quick", is_flag=True, help="Fewer tips.")
def bench_intake(quick: bool) -> None:
    """Complete tips through Telegram's webhook, against a classic bot, as ratios."""
    run_bench("intake", ["--quick"] if quick else [])


@bench.command("sealing")
@click.option("--pairs", default=5, show_default=True)
def bench_sealing(pairs: int) -> None:
    """What sealing costs: tips a second with it and without it, in turns."""
    run_bench("intake", ["--sealing", str(pairs)])


@bench.command("search")
@click.option("--sizes", default="10000,100000,1000000", show_default=True, help="How many tips, with commas between.")
@click.option("--postgres", default="", help="A superuser's address; otherwise a server of its own for this run.")
def bench_search(sizes: str, postgres: str) -> None:
    """First page and count over the sealed index, on both engines."""
    run_bench("search", ["--sizes", sizes, *(["--postgres", postgres] if postgres else [])])


@bench.command("desk")
@click.option("--sizes", default="10000,100000,1000000", show_default=True, help="How many tips, with commas between.")
@click.option("--only", default="", help="Pages whose name holds this: queue, search, tip, map, figures.")
@click.option("--each", default=40, show_default=True, help="How often each page is asked for.")
@click.option("--folder", default="", help="Where the houses are laid and found again; otherwise they go when it ends.")
@click.option("--postgres", is_flag=True, help="On a PostgreSQL server of its own, or that of KENG_TEST_POSTGRES_URL.")
@click.option("--browser", is_flag=True, help="The first load of the queue in a slowed browser as well.")
def bench_desk(sizes: str, only: str, each: int, folder: str, postgres: bool, browser: bool) -> None:
    """The desk's pages over HTTP, with many tips behind them: server time, and how it grows."""
    flags = [*(["--postgres"] if postgres else []), *(["--browser"] if browser else [])]
    run_bench("desk", ["--sizes", sizes, "--only", only, "--each", str(each), "--folder", folder, *flags])


@bench.command("zalo")
@click.option("--rounds", default=3, show_default=True)
@click.option("--postgres", is_flag=True, help="On a PostgreSQL server of its own, or that of KENG_TEST_POSTGRES_URL.")
def bench_zalo(rounds: int, postgres: bool) -> None:
    """1,000 events in a second at the Official Account's webhook, from 300 people, while media load."""
    run_bench("zalo", ["--rounds", str(rounds), *(["--postgres"] if postgres else [])])


@bench.command("warn")
@click.option("--targets", default=10_000, show_default=True, help="So many chats.")
@click.option("--rate", default=30, show_default=True, help="So many messages a second the platform takes.")
@click.option("--secs", default=0.0, show_default=True, help="End sooner; 0 waits until all have gone.")
@click.option("--postgres", is_flag=True, help="On a PostgreSQL server of its own, with two processes that send.")
def bench_warn(targets: int, rate: int, secs: float, postgres: bool) -> None:
    """A warning to very many chats at Telegram's limits, while residents are in danger and the desk is used."""
    run_bench("warn", ["--targets", str(targets), "--rate", str(rate), "--secs", str(secs), *(["--postgres"] if postgres else [])])


def run_bench(name: str, options: list[str]) -> NoReturn:
    if importlib.util.find_spec("tests.bench") is None:
        raise click.ClickException(f"the bench lives in the project's checkout; run it there as ./keng bench {name}")
    raise SystemExit(subprocess.run([sys.executable, "-m", f"tests.bench.{name}", *options]).returncode)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise Mistake("mistake-password-again")
    return password


@contextmanager
def plain_errors() -> Iterator[None]:
    """Every foreseeable trouble as one line that says what to do."""
    try:
        yield
    except Mistake as mistake:
        raise click.ClickException(texts.say(mistake.key, "en")) from None
    except (SettingsError, CopyTrouble, KeyTrouble) as error:
        raise click.ClickException(str(error)) from None
    except (Sealed, WrongMaster):
        raise click.ClickException("something that is stored does not open: it was changed, or is broken; run ./keng verify") from None
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
        raise click.ClickException(f"the database does not answer ({reason}); check KENG_DATABASE_URL") from None
    except OSError as error:
        raise click.ClickException(f"could not start: {error.strerror or error}; set KENG_PORT or KENG_DATA and try again") from None


def _settle() -> None:
    """Words, templates and statements that the first messages and pages brought stay as well: looking through them again and again held
    up everybody for a tenth of a second."""
    gc.collect()
    gc.freeze()


async def _serve(settings: Settings, role: Literal["all", "web", "worker"]) -> None:
    # Two threads share the work of a message; handing over must not wait for the default five milliseconds.
    sys.setswitchinterval(0.0005)
    # What was loaded at the start stays for ever; the collector need not walk through it with every few messages.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with running(settings, role=role) as house:
        print("Working." if role == "worker" else f"Residents: {house.address}/\nOfficers:  {house.address}/admin", flush=True)
        for pause in _SETTLED_AFTER_SECS:
            loop.call_later(pause, _settle)
        if house.fresh_key:
            print(offline.COPY_THE_KEY.format(path=house.fresh_key), flush=True)
        if house.setup_link:
            print(f"First start: make the chief's account at {house.setup_link} (works once)", flush=True)
        if house.ward().is_trial:
            print(
                "Bản thử (trial): set KENG_DUTY_PHONE, or write the duty number down at the desk (Cài đặt), to open the line.", flush=True
            )
        await stop.wait()


def main() -> None:
    cli(prog_name="keng")


if __name__ == "__main__":
    main()
