"""The report on paper: the answer on page one, tables open, and a sentence without a browser."""

import shutil
import subprocess
from dataclasses import replace

import pytest
from support.browser import need
from test_maps.test_report import evidence, finished

from maps.errors import MissingProgram
from maps.products import pdf


def pages(path):
    """Text of every page, read by poppler."""
    need(shutil.which("pdftotext"), "poppler-utils")
    said = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout
    return said.split("\f")


@pytest.mark.browser
def test_the_answer_fills_page_one_and_every_table_is_open(tmp_path, monkeypatch):
    need(shutil.which("chromium"), "Chromium")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    kept = replace(finished(evidence()), out=tmp_path)
    assert pdf.write_pdf(kept) == ["report.pdf"]
    first, second, *_ = text = pages(tmp_path / "report.pdf")
    assert "1. The answer" in first and "What would change" in first
    assert "does not hold" in first and "not known" in first
    assert "2. Evidence" not in first and "2. Evidence" in second
    whole = "\n".join(text)
    # A row that stands in a folded table only.
    assert "1.5 – 3.5" in whole and "by rule of" in whole
    raw = (tmp_path / "report.pdf").read_bytes()
    assert b"(D:19700102000000" in raw
    # Neither file nor address in head or foot.
    assert "file://" not in whole


@pytest.mark.browser
def test_equal_reports_are_equal_pdfs(tmp_path, monkeypatch):
    need(shutil.which("chromium"), "Chromium")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    page = "<!DOCTYPE html><html lang='en'><title>x</title><p>One page.</p></html>"
    for name in ("a.pdf", "b.pdf"):
        pdf.print_page(page, pdf.find_browser(), tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_without_a_browser_a_sentence_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(MissingProgram, match=r"Chromium, Chrome or Edge.*print it"):
        pdf.write_pdf(replace(finished(evidence()), out=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_browser_that_prints_nothing_is_told(tmp_path):
    with pytest.raises(MissingProgram, match="printed nothing"):
        pdf.print_page("<p>x</p>", "/bin/true", tmp_path / "x.pdf")
    with pytest.raises(MissingProgram, match="could not print"):
        pdf.print_page("<p>x</p>", str(tmp_path / "none"), tmp_path / "x.pdf")
