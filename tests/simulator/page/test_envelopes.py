"""Which answers Google would take, and which end in its error card."""

import pytest

from tests.simulator.page.add_on import Json, card, click_answer, text, trigger_answer
from tests.simulator.page.installation import Installation

CARD = card(text("Hi"))
SCOPE = "https://www.googleapis.com/auth/userinfo.email"


def asked(installation: Installation, kind: str, answer: Json | bytes) -> Json:
    """The result of this answer to this kind of call."""
    path = "/home?from=gmail" if kind == "homepage" else "/click"
    installation.add_on.answers[path] = answer
    return installation.ask(kind, url=installation.add_on.url("/click"))


def texts(result: Json) -> str:
    return " ".join(one["text"] for one in result["findings"])


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        pytest.param("homepage", trigger_answer(CARD), id="a trigger answered bare"),
        pytest.param("homepage", trigger_answer(CARD, CARD), id="a trigger with two cards"),
        pytest.param("action", click_answer({"updateCard": CARD}), id="a click that updates"),
        pytest.param(
            "action",
            click_answer({"pop": True}, {"pop": True}, {"pushCard": CARD}, stateChanged=True),
            id="a click that goes back and refreshes",
        ),
        pytest.param(
            "action",
            {"renderActions": {"action": {"notification": {"text": "Nothing to do"}}}},
            id="a click that only notifies",
        ),
        pytest.param("universal", click_answer({"pushCard": CARD}), id="a universal action"),
        pytest.param(
            "autocomplete", {"autoComplete": {"items": [{"text": "Dana"}]}}, id="suggestions"
        ),
        pytest.param(
            "action",
            {"requesting_google_scopes": {"scopes": [SCOPE]}},
            id="a click that asks for a scope of the deployment",
        ),
        pytest.param(
            "homepage", {"requestingGoogleScopes": {"allScopes": True}}, id="all scopes, camel case"
        ),
        pytest.param(
            "homepage",
            {"custom_authorization_prompt": trigger_answer(CARD)},
            id="a sign-in card of one's own",
        ),
        pytest.param(
            "action",
            {
                "renderActions": {
                    "hostAppAction": {
                        "gmailAction": {
                            "openCreatedDraftActionMarkup": {"draftId": "r1", "draftThreadId": "1"}
                        }
                    }
                }
            },
            id="a draft to open",
        ),
    ],
)
def test_answers_that_google_takes(installation: Installation, kind: str, answer: Json) -> None:
    result = asked(installation, kind, answer)
    assert [one for one in result["findings"] if one["severity"] == "refused"] == []
    assert result["answer"] is not None
    assert result["problem"] == ""


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        pytest.param(
            "homepage",
            click_answer({"pushCard": CARD}),
            "Cannot find field: renderActions in message google.apps.card.v1.RenderActions",
            id="a trigger answered with the wrapper",
        ),
        pytest.param(
            "action",
            trigger_answer(CARD),
            "Cannot find field: action in message google.apps.card.v1.SubmitFormResponse",
            id="a click answered bare",
        ),
        pytest.param("homepage", CARD, "Cannot find field: header", id="a bare card"),
        pytest.param(
            "autocomplete",
            click_answer({"pop": True}),
            "google.apps.card.v1.GetAutocompletionResponse",
            id="suggestions answered as a click",
        ),
        pytest.param(
            "action",
            {"renderActions": {"stateChanged": True}},
            "Cannot find field: stateChanged in message google.apps.card.v1.RenderActions",
            id="stateChanged inside renderActions",
        ),
        pytest.param(
            "action", click_answer({"popCard": True}), "Cannot find field: popCard", id="popCard"
        ),
        pytest.param(
            "action",
            click_answer({"pop": True, "pushCard": CARD}),
            "Only one of",
            id="two steps in one navigation",
        ),
        pytest.param(
            "action",
            click_answer({"pop": "yes"}),
            "Expected true or false",
            id="a pop that is text",
        ),
        pytest.param(
            "homepage",
            trigger_answer(card({"textParagraph": {"txt": "Hi"}})),
            "Cannot find field: txt in message google.apps.card.v1.TextParagraph",
            id="an unknown field deep in a card",
        ),
        pytest.param(
            "homepage",
            trigger_answer(card({"textParagraph": {"text": "a"}, "divider": {}})),
            "should not have multiple",
            id="two widgets in one",
        ),
        pytest.param(
            "action",
            {
                "renderActions": {
                    "action": {"link": {"url": "https://a.example/", "openAs": "POPUP"}}
                }
            },
            "Invalid enum value",
            id="a choice that does not exist",
        ),
        pytest.param(
            "action",
            {"requesting_google_scopes": {"scopes": ["https://mail.google.com/"]}},
            "not in the deployment",
            id="a scope that is not deployed",
        ),
        pytest.param("homepage", b'"ok"', "Expected an object", id="a text"),
        pytest.param("homepage", b"<h1>Error</h1>", "not JSON", id="a page"),
    ],
)
def test_answers_that_google_refuses(
    installation: Installation, kind: str, answer: Json | bytes, words: str
) -> None:
    result = asked(installation, kind, answer)
    assert result["answer"] is None
    assert result["problem"] in {"refused", "not_json"}
    assert words in texts(result)


def test_the_answer_to_draw_has_one_spelling(installation: Installation) -> None:
    step = {"push_card": {"sections": [{"widgets": [{"text_paragraph": {"text": "Hi"}}]}]}}
    result = asked(installation, "homepage", {"action": {"navigations": [step]}})
    assert result["answer"]["action"]["navigations"] == [
        {"pushCard": {"sections": [{"widgets": [{"textParagraph": {"text": "Hi"}}]}]}}
    ]
    assert result["response"]["action"]["navigations"] == [step]


def test_an_empty_answer_to_a_click_is_drawn_and_told(installation: Installation) -> None:
    result = asked(installation, "action", {})
    assert result["answer"] == {}
    assert "undocumented" in texts(result)


@pytest.mark.parametrize("status", [204, 302, 401, 500])
def test_any_status_but_200_is_the_error_card(installation: Installation, status: int) -> None:
    installation.add_on.status = status
    result = asked(installation, "homepage", trigger_answer(CARD))
    assert result["answer"] is None
    assert result["status"] == status
