"""What the bootstrap builds with the packages in place: front-end files, compiled translations.

`python -m sanshe.cli.files NODE_MODULES` prints `changed` or `unchanged`.
"""

import sys
from pathlib import Path

from sanshe.cli import translations
from sanshe.cli.words import t
from sanshe.config import env
from sanshe.core.assets import AssetsMissing, build_assets


def build(node_modules: Path) -> bool:
    """Make what is out of date; True where something was.

    Raises:
        AssetsMissing: npm has not installed a file that is needed.
    """
    changed = build_assets(node_modules, env.home() / "vendor")
    return translations.compile_catalogs() or changed


def main(node_modules: Path) -> int:
    try:
        changed = build(node_modules)
    except (AssetsMissing, OSError) as error:
        print(t(f"sanshe: 前端文件：{error}", f"sanshe: front end: {error}"), file=sys.stderr)
        return 1
    print("changed" if changed else "unchanged")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
