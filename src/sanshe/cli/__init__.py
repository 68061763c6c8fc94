"""The command line. Each command is a module with a function `run`, loaded when it is called.

Commands that work on files alone (plan, learn, classify, merge, match) never import Django.
"""

import importlib
import json
import os
import sys

import typer

from sanshe import __version__
from sanshe.cli.console import Problem, asks_json, say
from sanshe.cli.words import t
from sanshe.engine.errors import EngineError
from sanshe.office.errors import OfficeError

#: Command → module and one line of help, in the order in which they are listed.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", t("准备示例城市与示例调研并打开网站", "Prepare the sample city and open it")),
    "serve": ("serve", t("运行网站（含后台任务）", "Run the site and its background worker")),
    "plan": ("plan", t("由走访记录生成需求、匹配与方案", "From field notes to a proposal")),
    "classify": ("classify", t("给每句话标上需求类型", "Label each text with a need type")),
    "learn": ("learn", t("用标注数据训练分类模型", "Train a classifier from labelled texts")),
    "merge": ("merge", t("把同一需求的话归为一组", "Group texts that ask for the same thing")),
    "match": ("match", t("为需求匹配服务资源", "Match needs to offers")),
    "export": ("export", t("从数据库导出数据", "Export from the database")),
    "test": ("test", t("运行全部测试", "Run the test suite")),
    "check": ("check", t("检查代码、翻译、依赖与引擎质量", "Check code, translations and quality")),
    "bench": ("bench", t("测量速度与同类对比", "Measure speed against peers")),
    "doctor": ("doctor", t("检查本机装了什么、缺什么", "What is installed, what is missing")),
    "manage": ("manage", t("Django 的管理命令", "Django's management commands")),
}


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 a named problem, 2 wrong usage."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    sys.exit(_run(given))


def _run(arguments: list[str]) -> int:
    try:
        if arguments and arguments[0] in COMMANDS:
            _one(arguments[0])(arguments[1:], prog_name=f"sanshe {arguments[0]}")
        else:
            _all()(arguments or ["--help"], prog_name="sanshe")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    except KeyboardInterrupt:
        return 130
    except Problem as problem:
        return _complain(arguments, problem.code, problem.message)
    except OfficeError as error:
        return _complain(arguments, error.code, t(error.message, error.message_en))
    except EngineError as error:
        return _complain(arguments, "bad_input", str(error))
    except BrokenPipeError:
        # Whoever read our output has closed it, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except MemoryError:
        return _complain(
            arguments, "memory", t("内存不足，请拆分文件。", "Out of memory; split the file.")
        )
    except OSError as error:
        return _complain(arguments, "system", _about(error))
    except Exception as error:
        if os.environ.get("SANSHE_DEBUG"):
            raise
        return _complain(arguments, "bug", _bug(error))
    return 0


def _one(name: str) -> typer.Typer:
    """The application of one command; only its own module is loaded."""
    module = importlib.import_module(f"sanshe.cli.{COMMANDS[name][0]}")
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(
        help=getattr(module, "HELP", COMMANDS[name][1]),
        context_settings=getattr(module, "CONTEXT", None),
    )(module.run)
    return app


def _all() -> typer.Typer:
    """The list of commands, for help and for a command that does not exist."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    heading = t(
        "三社 Sanshe：从居民的一句话到回应它的服务。",
        "Sanshe: from a resident's sentence to a service that answered it.",
    )

    def version(asked: bool) -> None:
        if asked:
            print(f"sanshe {__version__}")
            raise typer.Exit

    def root(
        version: bool = typer.Option(
            False,
            "--version",
            is_eager=True,
            callback=version,
            help=t("显示版本", "Show the version"),
        ),
    ) -> None:
        return

    app.callback(help=heading)(root)
    for name, (_, summary) in COMMANDS.items():
        app.command(name, help=summary)(_nothing)
    return app


def _nothing() -> None:
    """Stands for a command in the list."""


def _bug(error: Exception) -> str:
    what = f"{type(error).__name__}: {error}"
    return t(
        f"程序出错（{what}）。这是我们的缺陷：请加上 SANSHE_DEBUG=1 重新运行，并把全部输出"
        "发给维护者。",
        f"Internal error ({what}). This is a bug of ours: run again with SANSHE_DEBUG=1 and send "
        "the whole output to the maintainers.",
    )


def _about(error: OSError) -> str:
    where = f"“{error.filename}”" if error.filename else ""
    reason = error.strerror or str(error)
    return t(f"系统不允许：{where}{reason}。", f"The system refuses: {where} {reason}.")


def _complain(arguments: list[str], code: str, message: str) -> int:
    line = " ".join(message.split())
    if asks_json(arguments):
        print(json.dumps({"error": code, "message": line}, ensure_ascii=False), flush=True)
    say(f"sanshe: {line}")
    return 1
