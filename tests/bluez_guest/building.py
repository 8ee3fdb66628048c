"""Builds the guest: the kernel as Debian packs it, and an initial file system of about 12 MB.

Nothing is installed; the two files are kept in a folder, and built anew when this file, the guest's
first program or the version of one of its parts changes. Only the kernel is fetched, by apt.
"""

import gzip
import hashlib
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
#: Programs of the guest, by where this system has them.
PROGRAMS = (
    "/bin/busybox",
    "/usr/bin/dbus-daemon",
    "/usr/libexec/bluetooth/bluetoothd",
    "/usr/bin/btattach",
    "/usr/bin/btmgmt",
    "/usr/bin/socat",
)
APPLETS = (
    "sh", "mount", "insmod", "ip", "grep", "sleep", "usleep", "test", "echo", "cat",
)  # fmt: skip
#: What the guest needs of the kernel beyond what is built in; what they depend on comes too.
MODULES = (
    "virtio_pci", "virtio_net", "virtio_console", "hci_uart", "cmac", "algif_hash",
    "algif_skcipher", "ecb",
)  # fmt: skip
#: Tools that building and running need, and the Debian packages that have them.
TOOLS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "apt-get": "apt",
    "dpkg-deb": "dpkg",
    "cpio": "cpio",
    "modprobe": "kmod",
    "socat": "socat",
    "busybox": "busybox-static",
    "dbus-daemon": "dbus",
    "btattach": "bluez",
}
DBUS = """<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen>
<auth>EXTERNAL</auth><policy context="default"><allow user="*"/><allow own="*"/>
<allow send_type="method_call"/><allow send_destination="*" eavesdrop="true"/>
<allow receive_type="*"/></policy></busconfig>
"""
FILES = {
    "etc/dbus.conf": DBUS,
    "etc/passwd": "root:x:0:0:root:/:/bin/sh\nmessagebus:x:101:101::/:/bin/sh\n",
    "etc/group": "root:x:0:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\n",
    "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
}
FOLDERS = ("bin", "proc", "sys", "dev", "run/dbus", "tmp", "etc/bluetooth", "var/lib/bluetooth")


@dataclass(frozen=True, slots=True)
class Image:
    """What qemu boots."""

    kernel: Path
    initrd: Path


def missing_tools() -> list[str]:
    """Debian packages that are to be installed first."""
    return sorted({package for tool, package in TOOLS.items() if not _there(tool)})


def _there(tool: str) -> bool:
    return shutil.which(tool) is not None or Path("/usr/sbin", tool).exists()


def build(folder: Path) -> Image:
    """The image in `folder`, made there if it is not yet."""
    folder.mkdir(parents=True, exist_ok=True)
    image = Image(folder / "vmlinuz", folder / "initrd.gz")
    key = folder / "key"
    wanted = _key()
    if key.exists() and key.read_text() == wanted:
        return image
    key.unlink(missing_ok=True)
    with TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        kernel = _fetched_kernel(work)
        (version,) = [one.name for one in (kernel / "lib/modules").iterdir()]
        shutil.copyfile(kernel / "boot" / f"vmlinuz-{version}", image.kernel)
        _fill(work / "root", kernel, version)
        _pack(work / "root", image.initrd)
    key.write_text(wanted)
    return image


def _key() -> str:
    parts = [Path(__file__).read_bytes(), (HERE / "init.sh").read_bytes()]
    parts += [Path(one).resolve().read_bytes() for one in PROGRAMS]
    return hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in parts)).hexdigest()


def _run(*command: str) -> str:
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    ).stdout


def _fetched_kernel(work: Path) -> Path:
    """The newest kernel with all its modules, unpacked; the one for clouds has no Bluetooth."""
    name = _kernel_package()
    if name is None or not _downloaded(name, work):
        _run("apt-get", "--quiet", "update")  # the lists were missing, or older than the mirror
        name = _kernel_package()
        assert name is not None, "found no linux-image-amd64; expected Debian's package lists"
        assert _downloaded(name, work), f"apt could not download {name}"
    (package,) = work.glob(f"{name}_*.deb")
    kernel = work / "kernel"
    _run("dpkg-deb", "--extract", str(package), str(kernel))
    (version,) = [one.name for one in (kernel / "lib/modules").iterdir()]
    _run("depmod", "--basedir", str(kernel), version)
    return kernel


def _downloaded(name: str, work: Path) -> bool:
    command = ["apt-get", "--quiet", "download", name]
    return subprocess.run(command, cwd=work, capture_output=True, check=False).returncode == 0


def _kernel_package() -> str | None:
    said = subprocess.run(
        ["apt-cache", "depends", "linux-image-amd64"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"Depends: (linux-image-\d\S*)", said)
    return None if found is None else found[1]


def _fill(root: Path, kernel: Path, version: str) -> None:
    for one in FOLDERS:
        (root / one).mkdir(parents=True)
    for name, text in FILES.items():
        (root / name).write_text(text)
    for program in PROGRAMS:
        shutil.copy(program, root / "bin")
        for library in re.findall(r"(/\S+)", _libraries(program)):
            place = root / library.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, place)
    for applet in APPLETS:
        (root / "bin" / applet).symlink_to("busybox")
    modules = root / "modules"
    modules.mkdir()
    order = []
    for path in _modules(kernel, version):
        shutil.copy(path, modules)
        order.append(path.name)
    (modules / "order").write_text("".join(f"{name}\n" for name in order))
    shutil.copy(HERE / "init.sh", root / "init")
    (root / "init").chmod(0o755)


def _libraries(program: str) -> str:
    """What `ldd` says; a static program has none, which it calls a failure."""
    return subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout


def _modules(kernel: Path, version: str) -> list[Path]:
    """In the order in which they can be loaded; what is built in gives none."""
    found: dict[Path, None] = {}
    for module in MODULES:
        said = _run(
            "modprobe", "--dirname", str(kernel), "--set-version", version, "--show-depends", module
        )
        found |= dict.fromkeys(
            Path(one) for one in re.findall(r"^insmod (\S+)", said, re.MULTILINE)
        )
    return list(found)


def _pack(root: Path, initrd: Path) -> None:
    names = "\n".join(str(one.relative_to(root)) for one in sorted(root.rglob("*")))
    packed = subprocess.run(
        ["cpio", "--quiet", "--create", "--format=newc", "--owner=0:0"],
        cwd=root, input=names.encode(), stdout=subprocess.PIPE, check=True,
    ).stdout  # fmt: skip
    initrd.write_bytes(gzip.compress(packed, compresslevel=1))
