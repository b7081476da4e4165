"""A file is read whole, up to a limit, and a folder is walked once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bybit_lint.commands import gather
from bybit_lint.inputs import config, files, reading
from bybit_lint.inputs.reading import TooLarge


def test_a_file_that_grows_while_it_is_read_is_read_whole_up_to_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bot.py"
    file.write_bytes(b"x = 12345\n")
    real = os.stat

    def earlier(path: str | int, **how: bool) -> os.stat_result:
        status = real(path, **how)
        return os.stat_result([*status[:6], 3, *status[7:]])

    monkeypatch.setattr(os, "stat", earlier)

    assert reading.read(str(file), 10) == reading.read(str(file)) == b"x = 12345\n"
    with pytest.raises(TooLarge) as caught:
        reading.read(str(file), 9)
    assert caught.value.beginning == b"x = 12345\n"


def test_the_folder_of_a_project_is_walked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "bot.py").write_bytes(b"import pybit\n")
    walked: list[str] = []
    real = files.walk

    def walk(top: str) -> files.Walk:
        walked.append(top)
        return real(top)

    monkeypatch.setattr(files, "walk", walk)

    projects, unreadable = gather.read([str(tmp_path)], config.nearest)

    assert [source.place for project in projects for source in project.named] == ["bot.py"]
    assert not unreadable
    assert walked == [os.path.realpath(tmp_path)]
