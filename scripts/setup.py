"""Make .venv with what requirements/ pins, install Setia into it, compile the catalogues.

    python3 scripts/setup.py run | test

A second run with nothing changed does nothing. Written so that any Python 3 can read it, and
say that it is too old: no f-strings, no annotations.
"""

import hashlib
import os
import shutil
import subprocess
import sys

LEAST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "bin")
PYTHON = os.path.join(BIN, "python")
UV = os.path.join(BIN, "uv")
TRANSLATIONS = os.path.join(ROOT, "pwa", "translations")


class Stop(Exception):
    """What keeps us from going on, as one line with the way out."""


def main(arguments):
    kind = arguments[0] if arguments else "run"
    if kind not in ("run", "test"):
        raise Stop("say what to set up for: run or test")
    find_python(arguments)
    os.chdir(ROOT)
    make_venv()
    install_packages(kind)
    compile_catalogues()


def find_python(arguments):
    """Go on under a Python that is new enough, if there is one on this machine."""
    if sys.version_info[:2] >= LEAST:
        return
    for name in NEWER:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, os.path.abspath(__file__)] + arguments)
    raise Stop(
        "Setia needs Python 3.11 or later; this is Python %d.%d (%s). "
        "On Debian and Ubuntu: sudo apt install python3 python3-venv"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )


def make_venv():
    if works([PYTHON, "-c", "import pip"]):
        return
    say("making .venv with Python " + sys.version.split()[0])
    shutil.rmtree(VENV, ignore_errors=True)
    ways = (
        [[sys.executable, "-m", "venv", VENV]],
        [[sys.executable, "-m", "virtualenv", "--quiet", VENV]],
        [
            [sys.executable, "-m", "venv", "--without-pip", VENV],
            [sys.executable, "-m", "pip", "--python", PYTHON, "install", "--quiet", "pip"],
        ],
    )
    for steps in ways:
        if all(works(step) for step in steps) and works([PYTHON, "-c", "import pip"]):
            return
        shutil.rmtree(VENV, ignore_errors=True)
    if not os.access(ROOT, os.W_OK):
        raise Stop("can't write into %s: run this as the account that owns it" % ROOT)
    raise Stop(
        "this Python can't make a virtual environment. On Debian and Ubuntu: "
        "sudo apt install python%d.%d-venv" % sys.version_info[:2]
    )


def install_packages(kind):
    wanted = {name: stamp(name) for name in ("run", "test")}
    done = read_stamp("installed").split()
    if wanted[kind] in done or wanted["test"] in done:
        return
    pinned = os.path.join("requirements", kind + ".txt")
    say("installing what %s pins" % pinned)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    check(pip + ["--require-hashes", "--no-deps", "-r", "requirements/uv.txt"])
    packages = ["--require-hashes", "--no-deps", "-r", pinned]
    # uv does not read pip's settings, so a machine with a mirror of its own may need pip.
    # Compiled once here, so that every start is fast, also where Python may not write.
    quick = [UV, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON]
    if not works(quick + packages):
        say("uv could not reach the packages; pip tries")
        check(pip + packages)
    ours = ["--no-build-isolation", "--no-deps", "--editable", "."]
    check([UV, "pip", "install", "--quiet", "--offline", "--python", PYTHON] + ours)
    write_stamp("installed", "%s\n" % wanted[kind])


def compile_catalogues():
    wanted = digest(catalogues())
    if not catalogues() or read_stamp("catalogues") == wanted:
        return
    say("compiling the catalogues of pwa/translations")
    check([PYTHON, os.path.join(ROOT, "scripts", "catalogues.py"), "compile"])
    write_stamp("catalogues", wanted)


def catalogues():
    folders = os.walk(TRANSLATIONS)
    return sorted(os.path.join(at, f) for at, _, fs in folders for f in fs if f.endswith(".po"))


def stamp(kind):
    """A digest of all that decides what is installed for `kind`."""
    files = ["uv.txt", kind + ".txt"]
    return digest(
        [os.path.join(ROOT, "requirements", name) for name in files]
        + [os.path.join(ROOT, "pyproject.toml"), os.path.abspath(__file__)],
        ROOT + sys.version,
    )


def digest(paths, more=""):
    total = hashlib.sha256(more.encode())
    for path in paths:
        with open(path, "rb") as file:
            total.update(path.encode() + b"\0" + file.read())
    return total.hexdigest()


def read_stamp(name):
    try:
        with open(os.path.join(VENV, "stamp-" + name)) as file:
            return file.read().strip()
    except (IOError, OSError):
        return ""


def write_stamp(name, text):
    with open(os.path.join(VENV, "stamp-" + name), "w") as file:
        file.write(text)


def works(command):
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.call(command, stdout=nowhere, stderr=nowhere) == 0
    except (IOError, OSError):
        return False


def check(command):
    if subprocess.call(command) != 0:
        raise Stop("this did not work: " + " ".join(command))


def say(line):
    sys.stdout.write("setup: %s\n" % line)
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Stop as stop:
        sys.stderr.write("setup: %s\n" % stop)
        sys.exit(2)
    except (IOError, OSError) as error:
        sys.stderr.write("setup: %s\n" % error)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
