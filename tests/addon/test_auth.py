"""Who may call: Google's service account, for one of our addresses, with a live token."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from addon.auth import Identity, KeysUnavailable, TokenVerifier, WrongCaller
from addon.config import AddonConfig
from backend.clock import utc_now
from backend.errors import AuthenticationFailed, ConfigurationError
from backend.google.signing_keys import SigningKeys
from tests.addon.google_keys import GoogleKeys, Key, serving

ACCOUNT = "service-1@gcp-sa-gsuiteaddons.example"
CLIENT = "addon.apps.example"
URL = "https://rapport.example.com"


class Clock:
    """A clock that tests move."""

    ahead = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@pytest.fixture(scope="module")
def served() -> Iterator[GoogleKeys]:
    with serving(GoogleKeys()) as keys:
        yield keys


@pytest.fixture
def google(served: GoogleKeys) -> GoogleKeys:
    served.status, served.asked, served.keys = 200, 0, served.keys[:1]
    return served


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(google: GoogleKeys, clock: Clock) -> TokenVerifier:
    return verifier_of(google, clock, ACCOUNT)


def verifier_of(google: GoogleKeys, clock: Clock, account: str | None) -> TokenVerifier:
    config = AddonConfig.of(
        public_url=URL,
        service_account=account,
        audiences=[CLIENT, "https://old.example.com/addon/home"],
    )
    return TokenVerifier(config, SigningKeys(google.url, clock), clock)


def system(google: GoogleKeys, **claims: object) -> str:
    return google.keys[0].sign(**{"aud": f"{URL}/addon/message", "email": ACCOUNT, **claims})


@pytest.mark.parametrize(
    "audience",
    [
        f"{URL}/addon/message",
        f"{URL}/addon/actions/log",
        URL,
        f"{URL}/",
        "https://old.example.com/addon/home",
    ],
)
def test_each_of_our_addresses_is_an_audience(
    verifier: TokenVerifier, google: GoogleKeys, audience: str
) -> None:
    verifier.google(system(google, aud=audience))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://evil.example/addon/message"},
        {"aud": CLIENT},
        {"aud": f"{URL}/addon/other"},
        {"aud": [f"{URL}/addon/message"]},
        {"email": "somebody@else.example"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"iss": "https://evil.example"},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_is_refused(
    verifier: TokenVerifier, google: GoogleKeys, claims: dict[str, object]
) -> None:
    with pytest.raises(AuthenticationFailed):
        verifier.google(system(google, **claims))


@pytest.mark.parametrize(
    "ahead",
    [{"exp": -60, "iat": -3660}, {"iat": 86_400}],
    ids=["ended a minute ago", "begins tomorrow"],
)
def test_a_token_of_another_time_is_refused(
    verifier: TokenVerifier, google: GoogleKeys, ahead: dict[str, int]
) -> None:
    now = int(utc_now().timestamp())
    moments = {name: now + seconds for name, seconds in ahead.items()}
    with pytest.raises(AuthenticationFailed):
        verifier.google(system(google, **moments))


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        ("service-7@gcp-sa-gsuiteaddons.iam.gserviceaccount.com", WrongCaller),
        ("anybody@a-project.iam.gserviceaccount.com", AuthenticationFailed),
    ],
)
def test_only_an_account_of_googles_add_ons_is_worth_naming(
    verifier: TokenVerifier, google: GoogleKeys, account: str, kind: type[Exception]
) -> None:
    with pytest.raises(AuthenticationFailed) as refused:
        verifier.google(system(google, email=account))
    assert type(refused.value) is kind


def test_clocks_may_differ_by_ten_seconds(verifier: TokenVerifier, google: GoogleKeys) -> None:
    now = int(utc_now().timestamp())
    verifier.google(system(google, iat=now + 5))
    verifier.google(system(google, iat=now - 3600, exp=now - 5))


def test_a_machine_with_a_wrong_clock_reads_tokens_by_ours(
    verifier: TokenVerifier, google: GoogleKeys, clock: Clock
) -> None:
    hours = 2 * 3600
    now = int(utc_now().timestamp()) + hours
    token = system(google, iat=now, exp=now + 3600)
    with pytest.raises(AuthenticationFailed):
        verifier.google(token)
    clock.ahead = timedelta(seconds=hours)  # the machine's is two hours behind
    verifier.google(token)


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b", "a.b.c", "....", "a.b.c.d", "é.é.é", "x" * 9000, f"{'x' * 4000}.y.z"],
    ids=["empty", "one", "two", "garbage", "dots", "four", "not ascii", "long", "long header"],
)
def test_garbage_is_refused_without_asking_google(
    verifier: TokenVerifier, google: GoogleKeys, token: str
) -> None:
    with pytest.raises(AuthenticationFailed):
        verifier.google(token)
    assert google.asked <= 1


def test_a_forged_signature_is_refused(verifier: TokenVerifier, google: GoogleKeys) -> None:
    forged = Key("first").sign(aud=URL, email=ACCOUNT)
    with pytest.raises(AuthenticationFailed):
        verifier.google(forged)
    head, payload, _ = system(google).split(".")
    with pytest.raises(AuthenticationFailed):
        verifier.google(f"{head}.{payload}.{'A' * 342}")


def test_no_token_is_good_without_a_configured_service_account(
    google: GoogleKeys, clock: Clock
) -> None:
    with pytest.raises(ConfigurationError):
        verifier_of(google, clock, None).google(system(google))


def test_keys_are_fetched_once_for_many_tokens(verifier: TokenVerifier, google: GoogleKeys) -> None:
    for number in range(5):
        verifier.google(system(google, sub=str(number)))
    assert google.asked == 1


def test_unknown_keys_cause_one_look_a_minute(
    verifier: TokenVerifier, google: GoogleKeys, clock: Clock
) -> None:
    verifier.google(system(google))
    stranger = Key("stranger")
    for _ in range(5):
        with pytest.raises(AuthenticationFailed):
            verifier.google(stranger.sign(aud=URL, email=ACCOUNT))
    assert google.asked == 1
    clock.ahead = timedelta(seconds=61)
    for _ in range(5):
        with pytest.raises(AuthenticationFailed):
            verifier.google(stranger.sign(aud=URL, email=ACCOUNT))
    assert google.asked == 2


def test_a_rotated_key_is_found(verifier: TokenVerifier, google: GoogleKeys, clock: Clock) -> None:
    verifier.google(system(google))
    google.keys = [*google.keys, Key("second")]
    clock.ahead = timedelta(seconds=61)
    verifier.google(google.keys[1].sign(aud=URL, email=ACCOUNT))


def test_without_keys_nothing_is_said_about_a_token(
    verifier: TokenVerifier, google: GoogleKeys, clock: Clock
) -> None:
    google.status = 500
    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            verifier.google(system(google))
    assert google.asked == 1
    google.status, clock.ahead = 200, timedelta(seconds=6)
    verifier.google(system(google))


def test_keys_past_their_date_serve_while_google_is_away(
    verifier: TokenVerifier, google: GoogleKeys, clock: Clock
) -> None:
    verifier.google(system(google))
    google.status, clock.ahead = 500, timedelta(hours=2)
    verifier.google(system(google, sub="later"))
    clock.ahead = timedelta(hours=8)
    with pytest.raises(KeysUnavailable):
        verifier.google(system(google, sub="too late"))


def test_a_verified_token_is_remembered_until_it_ends(
    verifier: TokenVerifier, google: GoogleKeys, clock: Clock
) -> None:
    token = system(google, exp=int(utc_now().timestamp()) - 5)  # within the skew
    verifier.google(token)
    verifier.google(token)
    clock.ahead = timedelta(seconds=30)
    with pytest.raises(AuthenticationFailed):
        verifier_of(google, clock, ACCOUNT).google(system(google, exp=1, iat=0))
    assert verifier._remembered(hashlib.sha256(token.encode()).digest()) is None


def test_the_person_is_known_by_sub_and_address(
    verifier: TokenVerifier, google: GoogleKeys
) -> None:
    token = google.keys[0].sign(aud=CLIENT, sub="1042", email="robin@ours.example")
    assert verifier.user(token) == Identity("1042", "robin@ours.example")


@pytest.mark.parametrize(
    "claims",
    [{"aud": URL}, {"sub": ""}, {"sub": 7}, {"email": None}, {"email_verified": False}],
    ids=str,
)
def test_a_persons_token_for_somebody_else_is_refused(
    verifier: TokenVerifier, google: GoogleKeys, claims: dict[str, object]
) -> None:
    usual = {"aud": CLIENT, "sub": "1042", "email": "robin@ours.example"}
    with pytest.raises(AuthenticationFailed):
        verifier.user(google.keys[0].sign(**{**usual, **claims}))
