"""Write a database revision from the difference between the models and the revisions so far.

    python scripts/new_revision.py "Add outlets' opening hours"
    python scripts/new_revision.py --first     the first revision again, before a release has it

Autogenerate sees neither CHECK constraints of existing tables nor triggers: add those by hand.
The first revision carries the ledger's triggers as they are now, as literal text.
"""

import pprint
import sys
import tempfile
from pathlib import Path

from alembic import command

from pwa import create_app, migrations
from pwa.ledger import guards
from pwa.settings import read

FIRST = "0001"
GUARDS = """
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(":", r"\\:")))
"""


def main(arguments):
    if len(arguments) != 1 or not arguments[0]:
        sys.exit('say why: make migration m="Add ..."')
    versions = migrations.FOLDER / "versions"
    is_first = arguments[0] == "--first"
    old = {path: path.read_text() for path in versions.glob("*.py")} if is_first else {}
    for path in old:
        path.unlink()
    try:
        print("wrote", write(arguments[0], is_first, versions).relative_to(migrations.FOLDER))
    except BaseException:
        for path, text in old.items():
            path.write_text(text)
        raise


def write(why, is_first, versions):
    number = f"{len(list(versions.glob('*.py'))) + 1:04d}"
    message = "Start" if is_first else why
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read({"SETIA_ENV": "test", "SETIA_VAR": folder}))
        with app.app_context():
            config = migrations.config()
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            command.upgrade(config, "head")
            made = command.revision(config, message, autogenerate=True, rev_id=number)
    path = Path(made.path)
    if is_first:
        add_guards(path)
    return path


def add_guards(path):
    """The triggers that keep the ledger append-only, frozen as literal text."""
    literal = "GUARDS = " + pprint.pformat(guards.TRIGGERS, width=96, sort_dicts=False)
    text = path.read_text()
    before, after = text.split("\n\ndef upgrade() -> None:", 1)
    body, rest = after.split("\n\n\ndef downgrade", 1)
    path.write_text(
        f"{before}\n{literal}\n\n\ndef upgrade() -> None:{body}\n{GUARDS}\n\ndef downgrade{rest}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
