"""Files that are written whole or not at all."""

from pathlib import Path

from pratique.errors import Unavailable


def require_folder(path: Path, option: str) -> None:
    """Refuse a *path* whose folder is not there, before anything is done for it.

    Raises:
        Unavailable: names the folder.
    """
    if not path.absolute().parent.is_dir():
        raise Unavailable(
            f"cannot write `{path}`: there is no folder `{path.absolute().parent}`",
            hint=f"make it, or name another file with `{option}`",
        )


def write_whole(path: Path, data: bytes, option: str) -> None:
    """Write *data* to *path*; *option* is what names another file.

    Raises:
        Unavailable: it cannot be written.
    """
    partial = path.with_name(f".{path.name}.new")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise Unavailable(
            f"cannot write `{path}`: {error.strerror}", hint=f"name another file with `{option}`"
        ) from None
