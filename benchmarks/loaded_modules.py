"""What a program imports, and a child that imports the same and does nothing else.

``loaded_modules.py record LIST -m MODULE ARGUMENT...`` (or ``SCRIPT ARGUMENT...``) runs a program
and writes the names of its modules, in the order of their import, into LIST;
``loaded_modules.py import LIST`` imports them. Programs import late, inside functions; so only
what was loaded when they ended says what their imports cost.
"""

import runpy
import sys
from importlib import import_module
from pathlib import Path

__all__ = ["import_all", "record"]

#: Every interpreter has its own, and it is not importable.
MAIN_MODULES = {"__main__", "__mp_main__"}


def record(listing: Path, program: list[str]) -> None:
    """Run `program` in this interpreter and write its modules into `listing`."""
    is_module = program[0] == "-m"
    sys.argv = program[1:] if is_module else program
    try:
        if is_module:
            runpy.run_module(program[1], run_name="__main__", alter_sys=True)
        else:
            sys.path.insert(0, str(Path(program[0]).parent))  # as the interpreter does for scripts
            runpy.run_path(program[0], run_name="__main__")
    except SystemExit as end:
        if end.code not in (None, 0):
            raise
    names = [name for name in sys.modules if name not in MAIN_MODULES]
    listing.write_text("\n".join(names), encoding="utf-8")


def import_all(listing: Path) -> list[str]:
    """Import what `listing` names; return the names that exist in ``sys.modules`` only."""
    aliases = []
    for name in listing.read_text(encoding="utf-8").split():
        try:
            import_module(name)
        except ModuleNotFoundError:
            # Some packages put made-up names into sys.modules (six.moves); they cost no import.
            aliases.append(name)
    return aliases


def main() -> None:
    """Do what the first argument says."""
    action, listing, *program = sys.argv[1:]
    if action == "record":
        record(Path(listing), program)
    else:
        aliases = import_all(Path(listing))
        print(f"{len(sys.modules)} modules; only aliases: {' '.join(aliases) or 'none'}")


if __name__ == "__main__":
    main()
