"""Real course catalogues of three universities as canonical JSONL: `python -m tests.real.convert DIR OUT`.

Nothing is invented: a value goes in where the source states it or where its meaning is certain; everything else is
left out and named, with the reason, in `OUT/report.json`. The sources (EC2U Alliance, Apache-2.0) lie in
`../shared/real/ec2u-universities` and are described in its SOURCE.txt.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

Document = dict[str, Any]


@dataclass
class Conversion:
    """What became of one catalogue: rows, records left out and changes made, each with its reason."""

    provider: Document
    records: int = 0
    rows: list[Document] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    values_left_out: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)

    def drop(self, record: str, reason: str) -> None:
        self.left_out.append((record, reason))

    def report(self) -> Document:
        return {
            "provider": self.provider["slug"],
            "records": self.records,
            "rows": len(self.rows),
            "left_out": [{"record": record, "reason": reason} for record, reason in self.left_out],
            "values_left_out": dict(self.values_left_out),
            "changes": dict(self.changes),
        }


def organisation(slug: str, name: str, language: str, country: str, town: str, homepage: str) -> Document:
    """A real university: facts only."""
    return {
        "slug": slug,
        "legal_name": name,
        "default_language": language,
        "kinds": ["higher-education"],
        "country": country,
        "town": town,
        "homepage": homepage,
    }


# Coimbra: titles and addresses of courses, Portuguese and English


def coimbra(source: Path) -> Conversion:
    """Courses that do not lead to a degree; the list says little more than their titles."""
    made = Conversion(
        organisation(
            "universidade-de-coimbra", "Universidade de Coimbra", "pt", "PT", "Coimbra", "https://www.uc.pt/"
        )
    )
    for record in json.loads(source.read_text("utf-8"))["listaResultados"]:
        made.records += 1
        if record["cicloTipo"] == "NAO_CONFERENTE_GRAU":
            made.rows.append(_coimbra_row(record, made))
        else:
            made.drop(record["codigoInterno"], f"leads to a degree ({record['cicloTipo']})")
    return made


def _coimbra_row(record: Document, made: Conversion) -> Document:
    titles, cycle = _by_language(record["designacoes"]), _by_language(record["designacoesCiclo"])
    category = _by_language(record["designacoesCategoriaCurso"])
    made.values_left_out["unoId: a number of a list that is not in the source"] += 1
    made.values_left_out[
        "English names of cycle and category: Portuguese, or not what the Portuguese says"
    ] += 1
    return {
        "reference": record["codigoInterno"],
        "default_language": "pt",
        "title": _texts("pt", titles),
        "description": _texts("pt", {"pt": f"{cycle['pt']}. Categoria: {category['pt']}."}),
        "links": {"homepage": record["urlPT"]},
        "further_information": {"links": [{"url": record["urlEN"]}]},
    }


def _by_language(designations: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {entry["locSigla"].lower(): _one_line(entry["designacao"]) for entry in designations}


# Poitiers: years and modules of programmes, French

POITIERS_SUBJECTS: Final = {"Sciences de la nature et de la vie": "05", "STAPS": "1014"}
CYCLES: Final = {6: "first", 7: "second", 8: "third"}


def poitiers(source: Path) -> Conversion:
    """The parts of programmes that carry credits; a programme itself is their frame, not an offer."""
    made = Conversion(
        organisation(
            "universite-de-poitiers",
            "Université de Poitiers",
            "fr",
            "FR",
            "Poitiers",
            "https://www.univ-poitiers.fr/",
        )
    )
    for programme in json.loads(source.read_text("utf-8")).values():
        for option in programme["options"]:
            made.records += 1
            if option["credits"] is None:
                made.drop(option["code"], "states no credits (doctorate or habilitation)")
            else:
                made.rows.append(_poitiers_row(programme, option, made))
    return made


def _poitiers_row(programme: Document, option: Document, made: Conversion) -> Document:
    discipline = programme["discipline"]
    row: Document = {
        "reference": option["code"],
        "default_language": "fr",
        "title": _texts("fr", {"fr": _one_line(option["name"])}),
        "description": _texts("fr", {"fr": _poitiers_description(programme)}),
        "workload": {"ects": int(option["credits"])},
        "level": {"cycle": CYCLES[programme["levelISCED"]]},
    }
    if option["timeToComplete"] == "AN":
        row["duration"] = "P1Y"
    if discipline in POITIERS_SUBJECTS:
        row["subjects"] = [POITIERS_SUBJECTS[discipline]]
    else:
        made.values_left_out[f"subject: {discipline!r} is more than one field of ISCED-F"] += 1
    if option["elemPedago"]:
        made.values_left_out["elemPedago: names of semesters without dates"] += 1
    return row


def _poitiers_description(programme: Document) -> str:
    facts = {
        "Programme": programme["name"],
        "Composante": programme["composante"],
        "Discipline": programme["discipline"],
    }
    return "\n".join(f"{name} : {_one_line(value)}" for name, value in facts.items() if value)


# Pavia: syllabi of one degree course, Italian and English

NS: Final = "{http://ws.di.u-gov.cineca.it/}"
PAVIA_EXAMS: Final = {
    "O": ["oral-examination"],
    "S": ["written-examination"],
    "SOC": ["written-examination", "oral-examination"],
}
PAVIA_LANGUAGES: Final = {
    "italiano": "it",
    "italian": "it",
    "inglese": "en",
    "english": "en",
    "ita": "it",
    "eng": "en",
}
# Scientific sectors (SSD) that lie within one field of ISCED-F; all others are left unmapped.
PAVIA_SUBJECTS: Final = {
    "IUS/01": "0421",
    "IUS/04": "0421",
    "IUS/14": "0421",
    "IUS/20": "0421",
    "SECS-P/01": "0311",
    "SPS/04": "0312",
    "SPS/07": "0314",
    "SPS/08": "0314",
    "SPS/09": "0314",
    "L-LIN/01": "0232",
    "L-LIN/04": "0231",
    "L-LIN/07": "0231",
    "L-LIN/12": "0231",
    "L-LIN/14": "0231",
    "L-FIL-LET/11": "0232",
    "L-FIL-LET/12": "0232",
}
PAVIA_FURTHER: Final = {
    "METODI_DID": {"it": "Metodi didattici", "en": "Teaching methods"},
    "TESTI_RIF": {"it": "Testi di riferimento", "en": "Reading list"},
    "ALTRO": {"it": "Altre informazioni", "en": "Further information"},
    "OB_SVIL_SOS": {"it": "Obiettivi Agenda 2030", "en": "Goals of the 2030 Agenda"},
}
_NOTHING: Final = re.compile(r"[\W_]*")
_ADDRESS: Final = re.compile(r"\(?redacted@example\.org\)?")
_PERSON: Final = re.compile(r"\b(?:Dott|Prof|Dr)(?:\.?\s?ssa)?\.?(?:\s?[A-Z]\.)*(?:\s?[A-Z][\w’'-]+){1,3}")


def pavia(source: Path) -> Conversion:
    """One row per teaching activity; groups of a class by surname are no activities of their own."""
    made = Conversion(
        organisation(
            "universita-di-pavia",
            "Università degli Studi di Pavia",
            "it",
            "IT",
            "Pavia",
            "https://portale.unipv.it/",
        )
    )
    root = ET.parse(source).getroot()
    cycles = {_said(cycle, "tipoCicloCod"): cycle for cycle in root.iter(f"{NS}ciclo")}
    seen: dict[str, str] = {}
    for activity in root.iter(f"{NS}af"):
        made.records += 1
        record, reference = _said(activity, "afId"), _said(activity, "afGenCod")
        if not reference:
            made.drop(
                record,
                f"a group by surname ({_said(activity, 'partStuCod')}) of {_said(activity, 'afPdrId')}",
            )
        elif reference in seen:
            made.drop(record, f"the same activity ({reference}) as {seen[reference]}, for another cohort")
        else:
            seen[reference] = record
            made.rows.append(_pavia_row(activity, reference, cycles, made))
    return made


def _pavia_row(
    activity: ET.Element, reference: str, cycles: Mapping[str, ET.Element], made: Conversion
) -> Document:
    texts = _pavia_texts(activity, made)
    sector = _said(activity, "settCod")
    titles = {"it": _said(activity, "afGenDes"), "en": _said(activity, "afGenDesEng")}
    row: Document = {
        "reference": reference,
        "default_language": "it",
        "title": _texts("it", titles),
        "description": _texts("it", texts.get("CONTENUTI", {})),
        "learning_outcomes": [{"text": _texts("it", texts["OBIETT_FORM"])}] if "OBIETT_FORM" in texts else [],
        "workload": _pavia_workload(activity),
        "level": {"cycle": "first"},  # all activities belong to a Laurea
        "assessment": _stated(
            {
                "types": PAVIA_EXAMS.get(_said(activity, "tipoEsaCod"), []),
                "criteria": _texts("it", texts.get("MOD_VER_APPR", {})),
            }
        ),
        "entry_requirements": _stated({"text": _texts("it", texts.get("PREREQ", {}))}),
        "further_information": _stated({"text": _texts("it", _pavia_further(texts, sector))}),
        "subjects": [code for prefix, code in PAVIA_SUBJECTS.items() if sector.startswith(prefix)],
        "languages": _pavia_languages(activity, texts),
        "runs": _pavia_runs(activity, cycles),
    }
    if not row["subjects"]:
        made.values_left_out[f"subject: {sector} lies in more than one field of ISCED-F, or in none"] += 1
    return _stated(row)


def _pavia_texts(activity: ET.Element, made: Conversion) -> dict[str, dict[str, str]]:
    """The texts for the whole class by kind and language, cleaned."""
    found: dict[str, dict[str, str]] = {}
    for group in activity.findall(f"{NS}testi"):
        if _said(group, "partStuCod"):
            made.values_left_out["texts for a group by surname: there are others for the whole class"] += 1
            continue
        for text in group.findall(f"{NS}testo"):
            language = PAVIA_LANGUAGES[_said(text, "linguaCod")]
            cleaned = _cleaned(text.findtext(f"{NS}contenuto") or "", made)
            if cleaned:
                found.setdefault(_said(text, "tipoTestoCod"), {}).setdefault(language, cleaned)
    for by_language in found.values():
        if by_language.get("en") == by_language.get("it"):
            made.values_left_out["English texts that repeat the Italian ones"] += 1
            del by_language["en"]
    return found


def _pavia_workload(activity: ET.Element) -> Document:
    """Credits (CFU are ECTS) and hours of teaching as stated; nought means that nothing is stated."""
    points, hours = float(_said(activity, "peso")), float(_said(activity, "oreFrontAf"))
    workload: Document = {"ects": points} if points else {}
    return workload | ({"hours": hours, "hours_kind": "contact"} if hours else {})


def _pavia_further(texts: Mapping[str, Mapping[str, str]], sector: str) -> dict[str, str]:
    parts: dict[str, list[str]] = {}
    for kind, headings in PAVIA_FURTHER.items():
        for language, text in texts.get(kind, {}).items():
            parts.setdefault(language, []).append(f"{headings[language]}\n{text}")
    if sector and sector != "NN":
        parts.setdefault("it", []).append(f"Settore scientifico-disciplinare: {sector}")
    return {language: "\n\n".join(paragraphs) for language, paragraphs in parts.items()}


def _pavia_languages(activity: ET.Element, texts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Language of teaching: as the syllabus says, or else as the administration says."""
    words = [text.lower() for text in texts.get("LINGUA_INS", {}).values()]
    known = [PAVIA_LANGUAGES[word] for word in words if word in PAVIA_LANGUAGES]
    official = [PAVIA_LANGUAGES[code.text or ""] for code in activity.iter(f"{NS}linDidCod")]
    return sorted(set(known or official))


def _pavia_runs(activity: ET.Element, cycles: Mapping[str, ET.Element]) -> list[Document]:
    cycle = cycles.get(_said(activity, "tipoCicloCod"))
    if cycle is None:
        return []
    return [{"start": _day(_said(cycle, "dataInizio")), "end": _day(_said(cycle, "dataFine"))}]


def _day(text: str) -> str:
    return dt.datetime.strptime(text, "%d-%m-%Y").replace(tzinfo=dt.UTC).date().isoformat()


def _said(element: ET.Element, name: str) -> str:
    return _one_line(element.findtext(f"{NS}{name}") or "")


def _cleaned(text: str, made: Conversion) -> str:
    """A text without the line breaks of the XML, without markup and without the names of persons."""
    plain = re.sub(r"<[^<>]+>", " ", html.unescape(text))
    paragraphs = (_one_line(paragraph) for paragraph in re.split(r"\n\s*\n", plain))
    joined = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    for pattern, change in ((_ADDRESS, "redacted addresses removed"), (_PERSON, "names of teachers removed")):
        joined, times = pattern.subn("[…]", joined)
        if times:
            made.changes[change] += times
    if _NOTHING.fullmatch(joined):
        if joined:
            made.values_left_out["texts that consist of a sign for nothing, such as '=' or '--'"] += 1
        return ""
    return joined


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _texts(original: str, texts: Mapping[str, str]) -> Document:
    """A text of the catalogue: the university's own language is the original, others it translated itself."""
    return {
        language: {"text": text, "origin": "original" if language == original else "translated"}
        for language, text in texts.items()
        if text
    }


def _stated(document: Document) -> Document:
    """Without what is empty."""
    return {key: value for key, value in document.items() if value not in ({}, [], "", None)}


CONVERTERS: Final = {
    "coimbra-courses-2022.json": coimbra,
    "pavia-ugov-2024-redacted.xml": pavia,
    "poitiers-offerings.json": poitiers,
}


def convert(directory: Path, out: Path) -> Iterator[Conversion]:
    """Convert every catalogue; writes `<slug>.jsonl`, `<slug>.provider.json` and `report.json` into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    reports = []
    for name, converter in CONVERTERS.items():
        made = converter(directory / name)
        slug = made.provider["slug"]
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in made.rows)
        (out / f"{slug}.jsonl").write_text("".join(lines), "utf-8")
        (out / f"{slug}.provider.json").write_text(json.dumps(made.provider, ensure_ascii=False), "utf-8")
        reports.append(made.report())
        yield made
    (out / "report.json").write_text(json.dumps(reports, ensure_ascii=False, indent=2), "utf-8")


def main() -> None:
    directory, out = (Path(argument) for argument in sys.argv[1:3])
    for made in convert(directory, out):
        print(
            f"{made.provider['slug']}: {made.records} records, {len(made.rows)} rows, {len(made.left_out)} left out"
        )
        for reason, times in Counter(reason for _, reason in made.left_out).most_common(12):
            print(f"  {times} left out: {reason}")
        for reason, times in (made.values_left_out + made.changes).most_common(20):
            print(f"  {times} times: {reason}")


if __name__ == "__main__":
    main()
