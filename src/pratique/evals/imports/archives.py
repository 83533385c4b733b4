"""Archives: zip files of others, unpacked within bounds."""

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from struct import unpack_from

from zstandard import ZstdDecompressor, ZstdError

from pratique.errors import Malformed, Unavailable
from pratique.evals.imports.reading import MAX_BYTES

_ZSTD = 93
"""Zstandard in the zip format (APPNOTE 6.3.8, 4.4.5)."""

_WINDOW = 1 << 27
"""Most bytes that a Zstandard stream may look back over."""

_MEMBERS = 200_000
"""Most members of one archive."""

_HEADER = 30
"""Bytes of a member's local header before its name (APPNOTE 4.3.7)."""

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    ZstdError,
)
"""What reading a damaged or unknown member raises."""


class Archive:
    """A zip file held in memory, of which no more than `MAX_BYTES` are ever unpacked."""

    def __init__(self, data: bytes, path: Path) -> None:
        """Open the zip file in *data*, which came from *path*.

        Raises:
            Malformed: it is none, has too many members, or two of the same name.
        """
        self._data, self._path, self._left = data, path, MAX_BYTES
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise Malformed(
                "is no zip file, or was cut off", path=path, hint="copy it again"
            ) from None
        self.names = self._zip.namelist()
        if len(self.names) > _MEMBERS or len(set(self.names)) != len(self.names):
            raise Malformed(
                "has too many members, or two of one name", path=path, hint="export it anew"
            )

    def read(self, name: str) -> bytes:
        """Return the member *name*.

        Raises:
            Malformed: it is absent, damaged, or unpacks to more than its header or the bound says.
            Unavailable: it is packed in a way that this Python cannot unpack.
        """
        if name not in self.names:
            raise Malformed(f"has no `{name}`", path=self._path, hint="export it anew")
        member = self._zip.getinfo(name)
        if member.flag_bits & 1 or member.file_size > self._left:
            raise Malformed(
                f"`{name}` is encrypted or unpacks to more than {self._left} bytes",
                path=self._path,
                hint="export it anew, by task",
            )
        try:
            found = self._unpacked(member)
        except _DAMAGED as error:
            raise Malformed(
                f"`{name}` is damaged ({type(error).__name__})",
                path=self._path,
                hint="copy it again",
            ) from None
        self._left -= len(found)
        return found

    def _unpacked(self, member: zipfile.ZipInfo) -> bytes:
        if member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            with self._zip.open(member) as file:
                found = file.read(member.file_size + 1)
        else:
            found = self._unpacked_zstd(member)
        if len(found) != member.file_size:
            raise ValueError
        return found

    def _unpacked_zstd(self, member: zipfile.ZipInfo) -> bytes:
        if member.compress_type != _ZSTD:
            raise Unavailable(
                f"`{self._path}`: `{member.filename}` is packed with method {member.compress_type},"
                " which is none of stored, deflate and Zstandard",
                hint="`inspect log convert --to json --output-dir DIR FILE` writes one that can be read",
            )
        start = member.header_offset
        if self._data[start : start + 4] != b"PK\x03\x04":
            raise ValueError
        name, extra = unpack_from("<HH", self._data, start + 26)
        begin = start + _HEADER + name + extra
        packed = self._data[begin : begin + member.compress_size]
        unpacking = ZstdDecompressor(max_window_size=_WINDOW)
        with unpacking.stream_reader(packed, read_across_frames=True) as file:
            return file.read(member.file_size + 1)
