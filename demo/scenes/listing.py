"""Writes pictures/list.csv: file, width, height and a description of every picture that is there."""

import csv
from pathlib import Path

from PIL import Image

from catalogue import ITEMS
from details import DETAILS
from sets import SCENES

PICTURES = Path(__file__).resolve().parent.parent / "pictures"


def descriptions():
    for handle, item in ITEMS.items():
        for look in item.looks or [""]:
            name = handle if item.single else f"{handle}--{look.lower().replace(' ', '-')}"
            yield name, item.says.format(look=look.lower())
        yield f"{handle}--detail", DETAILS[handle][2]
    for name, (_, _, says) in SCENES.items():
        yield name, says


def main():
    missing = []
    with open(PICTURES / "list.csv", "w", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["file", "width", "height", "alt"])
        for name, says in descriptions():
            file = PICTURES / f"{name}.webp"
            if not file.exists():
                missing.append(name)
                continue
            assert len(says) <= 120, says
            with Image.open(file) as picture:
                rows.writerow([file.name, *picture.size, says])
    print(f"missing: {', '.join(missing) or 'none'}")


if __name__ == "__main__":
    main()
