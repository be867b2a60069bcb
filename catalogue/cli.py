"""The commands of `portolan`. Exit codes: 0 done, 1 done with complaints, 2 could not be done."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import yaml
from flask.cli import AppGroup, with_appcontext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalogue import backup as backups
from catalogue import doctor as doctors
from catalogue import plain_yaml
from catalogue import seed as seeds
from catalogue.audit import chain
from catalogue.changes import indexer, log
from catalogue.changes.lease import LeaseTakenError, lease
from catalogue.changes.model import Consumer
from catalogue.changes.worker import Worker
from catalogue.concepts import listing, loading
from catalogue.concepts.packaged import ensure_packaged
from catalogue.documents import InvalidContentError
from catalogue.exchange import exporting, guessing, importing, mappings
from catalogue.exchange.mapping import Mapping, read_mapping
from catalogue.exchange.reading import FORMATS
from catalogue.exchange.report import ResultFile
from catalogue.migrate import upgrade
from catalogue.people import demo, second_factor
from catalogue.people import service as accounts
from catalogue.people.rules import normalised
from catalogue.portal import portal
from catalogue.providers import service as providers
from catalogue.security import passwords
from catalogue.security.actor import OPERATOR

Report = Callable[[int, int], None]
DATE = click.DateTime(["%Y-%m-%d"])


def fail(message: str) -> None:
    """Say why and end with exit code 2."""
    click.echo(message, err=True)
    sys.exit(2)


@contextmanager
def progress(title: str) -> Iterator[Report]:
    """A progress bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@click.command()
@with_appcontext
def serve() -> None:
    """Set up what is missing, then serve the portal until stopped."""
    _set_up()
    if portal().settings.is_trial:
        _show_demo_accounts()
    click.echo(f"Portolan serves {portal().settings.base_url} (stop with Ctrl-C)")
    # A process of its own, small: what seeding and indexing took of memory is given back.
    os.execv(sys.executable, [sys.executable, "-m", "catalogue.server"])  # noqa: S606


def _show_demo_accounts() -> None:
    """Only in the trial mode; elsewhere these accounts open nothing."""
    password, here = secrets.token_urlsafe(12), portal()
    with here.database.write() as session:
        addresses = demo.prepare(session, passwords.hashed(password), at=here.clock())
    if addresses:
        click.echo(f"Accounts to try the workspace with, password {password}: {', '.join(addresses)}")


def _set_up() -> None:
    here = portal()
    here.settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(here.database)
    ensure_packaged(here.database)
    with here.database.read() as session:
        empty = seeds.is_empty(session)
    if empty and here.settings.seed:
        _seed(here.clock().date(), refresh=False)
    if not indexer.is_readable(here.engine):
        _rebuild()


@click.command()
@click.option("--as-of", type=DATE, help="The day the dates of runs are relative to; today by default.")
@click.option("--refresh", is_flag=True, help="Publish new versions with fresh dates.")
@with_appcontext
def seed(as_of: dt.datetime | None, refresh: bool) -> None:
    """Load the invented seed data."""
    upgrade(portal().database)
    _seed(as_of.date() if as_of else portal().clock().date(), refresh=refresh)


def _seed(as_of: dt.date, *, refresh: bool) -> None:
    here = portal()
    try:
        with progress("Seeding providers") as report:
            done = seeds.seed(
                here.database, OPERATOR, as_of=as_of, at=here.clock(), refresh=refresh, report=report
            )
    except InvalidContentError as error:
        fail("\n".join(f"{problem.place}: {problem.message}" for problem in error.problems))
    else:
        click.echo(f"Seed: {done.new} offers new, {done.renewed} renewed, {done.unchanged} unchanged.")


provider = AppGroup("provider", help="Providers of offers.")


@provider.command("save")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def save_provider(file: Path) -> None:
    """Create or change a provider from a YAML or JSON document (see docs/glossary.md, provider)."""
    here = portal()
    try:
        document = plain_yaml.read(file.read_bytes())
        with here.database.write() as session:
            saved = providers.save(session, OPERATOR, document, at=here.clock())
    except yaml.YAMLError as error:
        fail(f"{file} is neither YAML nor JSON: {error}")
    except InvalidContentError as error:
        for problem in error.problems:
            click.echo(f"{problem.place or 'document'}: {problem.message}", err=True)
        sys.exit(1)
    else:
        click.echo(
            f"Provider {document['slug']}: version {saved.version}"
            + ("." if saved.changed else ", unchanged.")
        )


FORMAT = click.option(
    "--format", "file_format", type=click.Choice(FORMATS), help="By the file's name if left out."
)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--provider", help="Slug of the provider whose offers these are.")
@click.option("--dry-run", is_flag=True, help="Report what would happen; store nothing.")
@click.option("--strict", is_flag=True, help="Store nothing at all if any row has a problem.")
@click.option("--publish", is_flag=True, help="Publish each row; without it rows become drafts.")
@click.option("--diff", is_flag=True, help="Show every row, and what changes before -> after.")
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What the columns of a foreign spreadsheet mean, as YAML or JSON.",
)
@click.option("--guess", is_flag=True, help="Print a guessed mapping to edit; import nothing.")
@click.option("--remember", is_flag=True, help="Keep the mapping for the provider's next files of this kind.")
@FORMAT
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write the report as JSON.")
@with_appcontext
def import_offers(
    file: Path,
    provider: str | None,
    dry_run: bool,
    strict: bool,
    publish: bool,
    diff: bool,
    mapping_file: Path | None,
    guess: bool,
    remember: bool,
    file_format: str | None,
    report_file: Path | None,
) -> None:
    """Import offers from JSONL, CSV or XLSX; rows are matched by the provider's own reference."""
    here = portal()
    try:
        if guess:
            click.echo(guessing.guess_file(file, file_format).as_text(), nl=False)
            return
        if provider is None:
            raise click.UsageError("--provider is missing.")
        mapping = _mapping_for(file, file_format, provider, mapping_file)
        options = importing.Options(
            provider, dry_run, strict, publish, here.settings.publish_policy, diff=diff, mapping=mapping
        )
        result = _import(file, file_format, options, report_file)
        if remember and mapping is not None and not dry_run:
            with here.database.write() as session:
                mappings.keep(session, OPERATOR, provider, mapping, at=here.clock())
    except importing.UnreadableError as error:
        fail(str(error))
        return
    sys.exit(1 if result.problems else 0)


def _mapping_for(
    file: Path, file_format: str | None, provider: str, mapping_file: Path | None
) -> Mapping | None:
    """The mapping that was named, or else the one remembered for a file with such columns."""
    if mapping_file is None:
        with portal().database.read() as session:
            return mappings.for_file(session, provider, file, file_format)
    try:
        return read_mapping(mapping_file.read_bytes())
    except InvalidContentError as error:
        for problem in error.problems:
            click.echo(f"{mapping_file}: {problem.place or 'mapping'}: {problem.message}", err=True)
        sys.exit(2)


def _import(
    file: Path, file_format: str | None, options: importing.Options, report_file: Path | None
) -> importing.Report:
    here = portal()
    with ResultFile() as kept, progress("Importing") as report:

        def each(result: importing.RowResult) -> None:
            if options.diff:
                kept.add(result)
                for line in result.lines():
                    click.echo(line)

        result = importing.import_file(
            here.database, OPERATOR, file, file_format, options, clock=here.clock, report=report, each=each
        )
        for line in result.lines(problems=not (options.diff and result.each_shown)):
            click.echo(line)
        if report_file:
            _write_report(report_file, result, kept)
    return result


def _write_report(file: Path, report: importing.Report, kept: ResultFile) -> None:
    try:
        with file.open("w", encoding="utf-8") as out:
            kept.write(out, report)
    except OSError as error:
        fail(f"The report could not be written: {error}.")


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--provider", help="Only the offers of this provider (slug).")
@FORMAT
@with_appcontext
def export_offers(file: Path, provider: str | None, file_format: str | None) -> None:
    """Export published offers to canonical JSONL, CSV or XLSX."""
    try:
        count = exporting.export_file(portal().database, file, file_format, provider)
    except exporting.ExportError as error:
        fail(str(error))
        return
    click.echo(f"Exported {count} offers.", err=True)


index = AppGroup("index", help="Rebuild or check the search index.")


@index.command("rebuild")
def rebuild_index() -> None:
    """Build the index anew beside the one in use, check it, swap it in."""
    _rebuild()


def _rebuild() -> None:
    here = portal()
    try:
        with lease(here.database, here.settings.data_dir), progress("Indexing offers") as report:
            documents = indexer.rebuild(here.database, here.engine, report)
            indexer.catch_up(here.database, here.engine)
    except LeaseTakenError:
        with here.database.write() as session:
            log.cursor(session, log.INDEX).rebuild_requested = True
        _wait_for_worker()
    except indexer.RebuildFailedError as error:
        fail(str(error))
    else:
        click.echo(f"Index: {documents} offers.")


def _wait_for_worker(seconds: int = 600) -> None:
    import time

    click.echo("The running worker rebuilds the index ...")
    for _ in range(seconds * 2):
        time.sleep(0.5)
        with portal().database.read() as session:
            consumer = session.get_one(Consumer, log.INDEX)
            if not consumer.rebuild_requested:
                click.echo(f"Index: {portal().engine.status().documents} offers.")
                return
    fail("The worker has not finished; see its log.")


@index.command("check")
@click.option("--repair", is_flag=True, help="Mend what differs.")
def check_index(repair: bool) -> None:
    """Compare ids and versions of the index with the database."""
    here = portal()
    difference = indexer.compare(here.database, here.engine)
    click.echo(
        f"{len(difference.missing)} missing, {len(difference.stale)} in another version, "
        f"{len(difference.surplus)} surplus; {_pending()} changes pending."
    )
    if not difference:
        return
    if not repair:
        sys.exit(1)
    try:
        with lease(here.database, here.settings.data_dir):
            indexer.repair(here.database, here.engine, difference)
    except LeaseTakenError:
        fail("A worker is running; it has to be stopped before the index can be repaired.")
    if indexer.compare(here.database, here.engine):
        click.echo("Differences remain: rebuild.")
        sys.exit(1)
    click.echo("Mended.")


def _pending() -> int:
    with portal().database.read() as session:
        return log.pending(session)


vocabulary = AppGroup(
    "vocabulary", help="Labels of skills, occupations and subjects that searches understand."
)


@vocabulary.command("load")
@click.argument("name", type=click.Choice(["esco"]))
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--version", help="As in 1.1.1; by the names of folder and files if left out.")
def load_vocabulary(name: str, directory: Path, version: str | None) -> None:  # noqa: ARG001 (there is one so far)
    """Load the official CSV files of ESCO from a folder, in all the languages they are in."""
    database = portal().database
    try:
        upgrade(database)
        with progress("Loading ESCO (kB)") as report:
            result = loading.load_esco(database, directory, version, report)
    except loading.UnreadableError as error:
        fail(str(error))
        return
    for line in result.lines():
        click.echo(line)
    sys.exit(1 if result.problems else 0)


@vocabulary.command("list")
def list_vocabularies() -> None:
    """Say which vocabularies there are, in which languages."""
    with portal().database.read() as session:
        for line in listing.lines(session):
            click.echo(line)


person = AppGroup("person", help="People with an account.")


@person.command("moderator")
@click.argument("email")
@click.option("--remove", is_flag=True, help="Take the role away.")
def make_moderator(email: str, remove: bool) -> None:
    """Let somebody who has an account verify organisations."""
    here = portal()
    with here.database.write() as session:
        found = accounts.set_moderator(
            session, OPERATOR, normalised(email) or "", moderates=not remove, at=here.clock()
        )
    if not found:
        fail(f"Nobody has an account with the address {email}.")
    click.echo(f"{email} is {'no longer ' if remove else ''}a moderator.")


@person.command("forget-codes")
@click.argument("email")
def forget_codes(email: str) -> None:
    """Ask somebody for codes no longer who lost telephone and recovery codes; make sure who asks you for it."""
    here = portal()
    with here.database.write() as session:
        found = accounts.by_email(session, normalised(email) or "")
        if found is not None:
            second_factor.disable(session, OPERATOR, found.id, at=here.clock())
    if found is None:
        fail(f"Nobody has an account with the address {email}.")
    click.echo(f"{email} signs in without a code and can set codes up again.")


audit = AppGroup("audit", help="The log of who did what.")


@audit.command("verify")
def verify_audit() -> None:
    """Check that nothing in the audit log was changed, removed or moved."""
    with portal().database.read() as session:
        verdict = chain.verify(session)
    for fault in verdict.faults:
        click.echo(fault, err=True)
    if verdict.faults:
        sys.exit(1)
    click.echo(f"{verdict.entries} entries, all in order. Hash of the last: {verdict.head}")


@click.command()
@with_appcontext
def worker() -> None:
    """Follow the change log and write the index; one runs at a time, others wait."""
    here = portal()
    runner = Worker(here.database, here.engine, here.settings.data_dir, here.settings.worker_interval / 1000)
    runner.listen_to_signals()
    runner.run()


@click.command()
@with_appcontext
def doctor() -> None:
    """Say what is set and how things stand."""
    report = doctors.examine(portal())
    for line in report.lines:
        click.echo(line)
    sys.exit(0 if report.healthy else 1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write everything that was ever saved to one file."""
    try:
        click.echo(backups.backup(portal().database, file, portal().clock()))
    except backups.BackupError as error:
        fail(str(error))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def restore(file: Path) -> None:
    """Fill an empty database from a backup, on either kind of database; the index is rebuilt."""
    here = portal()
    try:
        upgrade(here.database)
        click.echo(backups.restore(here.database, file))
        ensure_packaged(here.database)
    except backups.BackupError as error:
        fail(str(error))
    _rebuild()


COMMANDS: tuple[Any, ...] = (
    serve,
    seed,
    provider,
    import_offers,
    export_offers,
    index,
    vocabulary,
    person,
    audit,
    worker,
    doctor,
    backup,
    restore,
)
