"""The OpenAPI 3.1 document, made from the declared facets and the schemas: there is no second list to keep."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import fields

from catalogue import fields as own
from catalogue.i18n import CONTENT_LANGUAGES, INTERFACE_LANGUAGES
from catalogue.offers.facets import OFFER_FACETS, OfferFacet
from catalogue.offers.schema import OfferSchema
from catalogue.providers.schema import OrganisationSchema
from catalogue.suggestions import KINDS, LONGEST, MOST, SHORTEST
from catalogue.vocabularies import NAMES, vocabulary
from search.facets import NOT_STATED
from search.query import DEFAULT_PAGE_SIZE, MAX_DEPTH, MAX_PAGE_SIZE, MAX_TEXT, SORTS

Json = dict[str, Any]
VERSION: Final = "1.0.0"
ENUM_LIMIT: Final = 40


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: Json, required: tuple[str, ...] | None = None, **more: Any) -> Json:
    return {"type": "object", "properties": properties, "required": list(required or properties), **more}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


TEXT: Final = {"type": "string"}
NUMBER: Final = {"type": "integer", "minimum": 0}
MOMENT: Final = {"type": "string", "format": "date-time"}
LINKS: Final = {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}

SCHEMAS: Final[dict[str, Json]] = {
    "Text": {
        "type": "object",
        "description": "A text by language, each with its origin.",
        "propertyNames": {"enum": list(CONTENT_LANGUAGES)},
        "additionalProperties": _object({"text": TEXT, "origin": {"enum": list(own.ORIGINS)}}),
    },
    "Problem": _object(
        {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "errors": _list(_object({"param": TEXT, "value": TEXT, "code": TEXT, "message": TEXT})),
            "tombstone": _ref("Tombstone"),
        },
        ("type", "title", "status", "detail"),
        description="Problem details (RFC 9457).",
    ),
    "Tombstone": _object(
        {
            "id": TEXT,
            "deleted": {"const": True},
            "state": {"enum": ["withdrawn", "archived"]},
            "version": NUMBER,
            "checksum": TEXT,
            "published_at": MOMENT,
            "withdrawn_at": MOMENT,
            "reason": {"type": ["string", "null"]},
        }
    ),
    "Offer": _object(
        {
            "id": TEXT,
            "reference": TEXT,
            "version": NUMBER,
            "state": {"const": "published"},
            "first_published_at": MOMENT,
            "published_at": MOMENT,
            "checksum": TEXT,
            "links": LINKS,
            "provider": _object(
                {
                    "slug": TEXT,
                    "legal_name": TEXT,
                    "country": TEXT,
                    "verified": {"type": "boolean"},
                    "links": LINKS,
                }
            ),
            "content": _ref("OfferContent"),
            "skills": _list(
                _object(
                    {
                        "uri": TEXT,
                        "label": TEXT,
                        "language": TEXT,
                        "label_source": {"enum": ["ESCO 1.0", "Portolan"]},
                    },
                    ("uri",),
                )
            ),
            "completeness": _object(
                {
                    "stated": NUMBER,
                    "applicable": NUMBER,
                    "elements": _list(
                        _object(
                            {
                                "name": TEXT,
                                "source": {"enum": ["mandatory", "optional", "issued"]},
                                "standing": {"enum": ["stated", "missing", "not-applicable"]},
                            }
                        )
                    ),
                }
            ),
            "notices": _list(TEXT),
        }
    ),
    "Provider": _object(
        {
            "id": TEXT,
            "slug": TEXT,
            "version": NUMBER,
            "verified": {"type": "boolean"},
            "changed_at": MOMENT,
            "offers": {"type": ["integer", "null"]},
            "links": LINKS,
            "content": _ref("OrganisationContent"),
        }
    ),
    "FacetValue": _object({"value": TEXT, "label": TEXT, "count": NUMBER}),
    "Understood": _object(
        {
            "concepts": _list(
                _object(
                    {
                        "uri": TEXT,
                        "kind": {"enum": ["skill", "occupation", "isced", "nace"]},
                        "label": TEXT,
                        "language": TEXT,
                    }
                )
            ),
            "similar": _list(_object({"word": TEXT, "forms": _list(TEXT)})),
            "unknown": _list(TEXT),
            "did_you_mean": {"type": ["string", "null"]},
        }
    ),
    "OfferPage": _object(
        {
            "total": NUMBER,
            "items": _list(_ref("Offer")),
            "facets": {"type": "object", "additionalProperties": _list(_ref("FacetValue"))},
            "understood": _ref("Understood"),
            "links": LINKS,
        }
    ),
    "Suggestions": _object(
        {
            "query": TEXT,
            "groups": _list(
                _object({"kind": {"enum": list(MOST)}, "label": TEXT, "items": _list(_ref("Suggestion"))})
            ),
        }
    ),
    "Suggestion": _object(
        {
            "id": {**TEXT, "description": "Id of an offer, slug of a provider, URI of a concept."},
            "label": TEXT,
            "language": TEXT,
            "detail": {
                "type": ["string", "null"],
                "description": "Of an offer its provider, of a provider its place, of a concept its kind; "
                "or the other name by which it was found.",
            },
            "detail_language": {"type": ["string", "null"]},
            "url": {"type": "string", "format": "uri"},
            "kind": {"enum": list(KINDS), "description": "Of a concept only."},
        },
        ("id", "label", "language", "detail", "detail_language", "url"),
    ),
    "Change": _object(
        {
            "cursor": TEXT,
            "kind": {"enum": ["offer", "organisation"]},
            "id": TEXT,
            "version": NUMBER,
            "action": {"enum": ["published", "withdrawn", "archived", "redacted"]},
            "at": MOMENT,
            "offer": {"anyOf": [_ref("Offer"), _ref("Tombstone")]},
            "provider": _ref("Provider"),
        },
        ("cursor", "kind", "id", "version", "action", "at"),
    ),
    "ChangePage": _object(
        {"items": _list(_ref("Change")), "cursor": TEXT, "more": {"type": "boolean"}, "links": LINKS}
    ),
    "ProviderPage": _object({"total": NUMBER, "items": _list(_ref("Provider")), "links": LINKS}),
    "VocabularyList": _object({"total": NUMBER, "items": _list(_object({"name": TEXT, "links": LINKS}))}),
    "Vocabulary": _object(
        {
            "name": TEXT,
            "total": NUMBER,
            "items": _list(
                _object(
                    {
                        "code": TEXT,
                        "label": TEXT,
                        "language": TEXT,
                        "parent": {"type": ["string", "null"]},
                        "uri": {"type": ["string", "null"]},
                    }
                )
            ),
        }
    ),
}


def _parameter(name: str, description: str, schema: Json, *, many: bool = False) -> Json:
    schema = {"type": "array", "items": schema} if many else schema
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _facet_parameters(entry: OfferFacet) -> list[Json]:
    """The parameters of a facet: repeated codes, and the ends of its range."""
    facet = entry.facet
    described = f"{entry.label}. Repeat to join values by OR."
    if facet.default:
        described += f" Without it: {', '.join(facet.default)}; `all` lifts that."
    parameters = [_parameter(facet.name, described, _codes(entry), many=True)]
    bound = (
        {"type": "string", "format": "date"} if facet.kind == "month" else {"type": "number", "minimum": 0}
    )
    ends = zip(facet.range_params, ("at least", "at most"), strict=True)
    return parameters + [_parameter(name, f"{entry.label}: {end}.", bound) for name, end in ends if name]


def _codes(entry: OfferFacet) -> Json:
    facet = entry.facet
    if facet.kind == "month":
        return {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$|^not-stated$"}
    if facet.kind == "open":
        return {"enum": ["yes", "no", NOT_STATED]}
    if facet.kind == "range":
        return {"enum": [*(bucket.code for bucket in facet.buckets), NOT_STATED]}
    if entry.vocabulary and len(vocabulary(entry.vocabulary).codes) <= ENUM_LIMIT:
        extra = ["all"] if facet.default else []
        return {"enum": [*vocabulary(entry.vocabulary).codes, NOT_STATED, *extra]}
    return {"type": "string"}


LANG: Final = _parameter(
    "lang",
    "Language of labels and notices, and in which `q` is understood.",
    {"enum": list(INTERFACE_LANGUAGES), "default": "en"},
)


@cache
def search_parameters() -> tuple[Json, ...]:
    """The parameters of the search, the same for page and API."""
    depth = f"`page` times `page_size` is at most {MAX_DEPTH}; beyond that use the change feed."
    return (
        _parameter(
            "q",
            'Words (all must occur; of three or more, all but one), "phrases", -exclusions.',
            {"type": "string", "maxLength": MAX_TEXT},
        ),
        LANG,
        *(parameter for entry in OFFER_FACETS for parameter in _facet_parameters(entry)),
        _parameter(
            "without",
            "Address of a concept that the words do not mean (see `understood`); may be repeated.",
            {"type": "string"},
        ),
        _parameter(
            "sort", "Order; relevance with words, newest without, unless stated.", {"enum": list(SORTS)}
        ),
        _parameter("page", f"Page, from 1. {depth}", {"type": "integer", "minimum": 1, "default": 1}),
        _parameter(
            "page_size",
            "Offers per page.",
            {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE},
        ),
    )


def _path(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


OFFER_ID: Final = _path("offer_id", "Permanent id of the offer.", {"type": "string", "format": "uuid"})

# path, summary, parameters, schema of the answer, statuses of problems
OPERATIONS: Final[tuple[tuple[str, str, str, str, tuple[int, ...]], ...]] = (
    ("/api/v1/offers", "offers", "Search offers", "OfferPage", (400, 503)),
    (
        "/api/v1/suggest",
        "suggestions",
        "Suggestions for what is being typed: offers, providers, concepts",
        "Suggestions",
        (400, 503),
    ),
    ("/api/v1/offers.jsonl", "export", "Every published offer, one a line", "Offer", (400,)),
    ("/api/v1/offers/{offer_id}", "offer", "One offer in its version in force", "Offer", (400, 404, 410)),
    (
        "/api/v1/offers/{offer_id}/versions/{number}",
        "offer_version",
        "A public version of an offer",
        "Offer",
        (400, 404, 410),
    ),
    (
        "/api/v1/changes",
        "changes",
        "Changes behind a cursor, with tombstones: keep an exact copy",
        "ChangePage",
        (400,),
    ),
    ("/api/v1/providers", "provider_list", "All providers", "ProviderPage", (400,)),
    ("/api/v1/providers/{slug}", "provider", "One provider", "Provider", (400, 404)),
    (
        "/api/v1/vocabularies",
        "vocabularies",
        "Names of the controlled vocabularies",
        "VocabularyList",
        (400,),
    ),
    (
        "/api/v1/vocabularies/{name}",
        "vocabulary_codes",
        "Codes with labels and URIs",
        "Vocabulary",
        (400, 404),
    ),
)


def _suggest_parameters() -> list[Json]:
    typed = {"type": "string", "minLength": SHORTEST, "maxLength": LONGEST}
    most = max(MOST.values())
    limit = {"type": "integer", "minimum": 1, "maximum": most, "default": most}
    return [
        _parameter("q", "What is typed so far; the last word may be unfinished.", typed) | {"required": True},
        _parameter("limit", "At most so many of each group; never more than " + _most_words() + ".", limit),
    ]


def _most_words() -> str:
    return ", ".join(f"{number} {kind}" for kind, number in MOST.items())


def parameters(operation: str) -> list[Json]:
    """The parameters of an operation by its id."""
    own_parameters: dict[str, list[Json]] = {
        "offers": [parameter for parameter in search_parameters() if parameter is not LANG],
        "suggestions": _suggest_parameters(),
        "offer": [OFFER_ID],
        "offer_version": [
            OFFER_ID,
            _path("number", "Number of the version, from 1.", {"type": "integer", "minimum": 1}),
        ],
        "changes": [
            _parameter(
                "since",
                "The `cursor` of the last answer; 0 for everything.",
                {"type": "string", "pattern": "^[0-9]{1,15}$", "default": "0"},
            )
        ],
        "provider": [_path("slug", "The provider's slug.", TEXT)],
        "vocabulary_codes": [_path("name", "Name of the vocabulary.", {"enum": list(NAMES)})],
    }
    return [*own_parameters.get(operation, []), LANG]


def _operation(operation: str, summary: str, schema: str, problems: tuple[int, ...]) -> Json:
    kind = "application/x-ndjson" if operation == "export" else "application/json"
    good = {"description": summary, "content": {kind: {"schema": _ref(schema)}}}
    bad = {"content": {"application/problem+json": {"schema": _ref("Problem")}}}
    answers: Json = {"200": good, "304": {"description": "Not modified"}}
    answers |= {str(status): {"description": "Problem", **bad} for status in problems}
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": parameters(operation),
        "responses": answers,
    }


@cache
def document(base_url: str) -> Json:
    """The whole document, with `base_url` as its server."""
    plugin = MarshmallowPlugin()
    spec = APISpec(
        "Portolan API",
        VERSION,
        "3.1.0",
        plugins=[plugin],
        servers=[{"url": base_url}],
        info={
            "description": "Micro-credential offers with the European standard elements. Reading needs no key.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
    )
    _teach(plugin.converter)
    for name, schema in SCHEMAS.items():
        spec.components.schema(name, schema)
    spec.components.schema("OfferContent", schema=OfferSchema)
    spec.components.schema("OrganisationContent", schema=OrganisationSchema)
    for path, operation, summary, answer, problems in OPERATIONS:
        spec.path(path, operations={"get": _operation(operation, summary, answer, problems)})
    return spec.to_dict()


def _teach(converter: OpenAPIConverter | None) -> None:
    """How our own fields look in JSON Schema."""
    if converter is None:
        raise AssertionError("The plugin has no converter yet.")

    def describe(_: OpenAPIConverter, field: fields.Field[Any], **__: Any) -> Json:
        return _described(field)

    converter.add_attribute_function(describe)  # type: ignore[no-untyped-call]


def _described(field: fields.Field[Any]) -> Json:
    if isinstance(field, own.MultilingualText):
        return _ref("Text")
    if isinstance(field, own.Amount):
        return {"type": "integer" if field.whole else "number", "minimum": field.low, "maximum": field.high}
    if isinstance(field, own.Flag):
        return {"type": "boolean"}
    if isinstance(field, own.Code):
        codes = vocabulary(field.name_of_vocabulary).codes
        return {"type": "string", "enum": list(codes)} if len(codes) <= ENUM_LIMIT else {"type": "string"}
    formats = {
        own.WebLink: "uri",
        own.Email: "email",
        own.Day: "date",
        own.Moment: "date-time",
        own.Duration: "duration",
    }
    for kind, name in formats.items():
        if isinstance(field, kind):
            return {"type": "string", "format": name}
    return {"type": "string"} if isinstance(field, own.PlainText) else {}
