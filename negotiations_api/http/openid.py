"""Tokens of an OpenID Connect provider: JWTs, checked by the keys that it publishes.

The keys (JWKS) are fetched when they are first needed, kept, and fetched anew when they are old or
a token names one that is not among them, which is how a provider's rotation is noticed. While the
provider cannot be reached the kept ones are good for a day.
"""

import json
import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    JoseError,
    MissingClaimError,
)
from joserfc.jwk import ECKey, OKPKey, RSAKey

from negotiations_api.http.provider import BadToken, Mapped, Unreachable
from negotiations_api.loopback import is_safe
from negotiations_api.models.token import Scope
from negotiations_api.schemas.fields import SLUG

ALGORITHMS = frozenset(
    ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
)
"""Those with a public key: what is published cannot be used to sign."""

FRESH_S = 600
STALE_S = 24 * 60 * 60
RETRY_S = 10
LEEWAY_S = 60
LONGEST = 16 * 1024
_LONGEST_NAME = 190
_TIMEOUT_S = 5
_LARGEST = 1024 * 1024
_KINDS: Mapping[str, type[RSAKey] | type[ECKey] | type[OKPKey]] = {
    "RSA": RSAKey,
    "EC": ECKey,
    "OKP": OKPKey,
}
_TYPES = {"jwt", "at+jwt", "application/at+jwt"}

Key = RSAKey | ECKey | OKPKey

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claims:
    """The names of the claims that are read."""

    name: str = "sub"
    scope: str = "scope"
    negotiations: str = "negotiations"


class OpenIdProvider:
    """An OpenID Connect provider, whose tokens for `audience` are good here."""

    def __init__(
        self, issuer: str, audience: str, *, jwks_url: str = "", claims: Claims | None = None
    ) -> None:
        """Nothing is fetched yet. Without `jwks_url` the issuer is asked for it (discovery)."""
        self._issuer = issuer
        self._claims = claims or Claims()
        self._keys = Keys(issuer, jwks_url)
        self._registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
        )

    def read(self, text: str) -> Mapped:
        """What a token says of its bearer. Raises BadToken and Unreachable."""
        if len(text) > LONGEST:
            raise BadToken(f"The token is longer than {LONGEST:,} characters.")
        try:
            token = self._decoded(text)
            self._registry.validate(token.claims)
        except BadSignatureError:
            raise BadToken("The signature of the token is not its issuer's.") from None
        except ExpiredTokenError:
            raise BadToken("The token has expired: get another one.") from None
        except MissingClaimError as error:
            raise BadToken(f"The token lacks the claim {error.claim}.") from None
        except InvalidClaimError as error:
            raise BadToken(f"The token is not for this service: claim {error.claim}.") from None
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            raise BadToken("The token cannot be read, or is signed in a way not taken.") from None
        if str(token.header.get("typ", "jwt")).lower() not in _TYPES:
            raise BadToken("The token is of another type: it takes a JWT of an access token.")
        return self._mapped(token.claims)

    def _decoded(self, text: str) -> Any:
        try:
            return jwt.decode(text, self._key, algorithms=ALGORITHMS)
        except BadSignatureError:
            # A key that has no name is another one by now, perhaps.
            if not self._keys.renew():
                raise
            return jwt.decode(text, self._key, algorithms=ALGORITHMS)

    def _key(self, token: Any) -> Key:
        return self._keys.named(token.headers().get("kid"))

    def _mapped(self, claims: Mapping[str, Any]) -> Mapped:
        name = claims.get(self._claims.name)
        if not isinstance(name, str) or not name.strip() or not name.isprintable():
            raise BadToken(f"The token does not say who it is: claim {self._claims.name}.")
        if len(name) > _LONGEST_NAME:
            raise BadToken(f"Claim {self._claims.name} has more than {_LONGEST_NAME} characters.")
        said = claims.get(self._claims.scope, "")
        words = said.split(" ") if isinstance(said, str) else said
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise BadToken(f"Claim {self._claims.scope} is neither a text nor a list of texts.")
        scopes = [scope for scope in Scope if f"negotiations:{scope}" in words]
        slugs = claims.get(self._claims.negotiations)
        if slugs is not None and not (
            isinstance(slugs, list) and all(isinstance(slug, str) for slug in slugs)
        ):
            raise BadToken(f"Claim {self._claims.negotiations} is no list of slugs.")
        return Mapped(
            f"oidc:{name}",
            scopes[-1] if scopes else None,
            None if slugs is None else tuple(slug for slug in slugs if SLUG.fullmatch(slug)),
        )


class Keys:
    """The keys that a provider publishes, as they were when they were last fetched."""

    def __init__(self, issuer: str, url: str = "") -> None:
        """At `url`, or where the issuer says."""
        self._issuer = issuer
        self._url = url
        self._kept: dict[str | None, Key] = {}
        self._fetched_at = self._tried_at = -float("inf")
        self._lock = threading.Lock()

    def named(self, kid: object) -> Key:
        """The key with an id. Raises BadToken if there is none, Unreachable if nobody can tell."""
        if kid is not None and not isinstance(kid, str):
            raise BadToken("The token names its key by something that is no text.")
        if self._age() > FRESH_S or self._find(kid) is None:
            self._fetch()
        if self._age() > STALE_S:
            raise Unreachable
        found = self._find(kid)
        if found is None:
            raise BadToken("The token is signed by a key that its issuer does not publish.")
        return found

    def renew(self) -> bool:
        """Fetch them, unless that was done a moment ago; whether they have been fetched."""
        before = self._fetched_at
        self._fetch()
        return self._fetched_at != before

    def _age(self) -> float:
        return time.monotonic() - self._fetched_at

    def _find(self, kid: str | None) -> Key | None:
        if kid is None and len(self._kept) == 1:
            return next(iter(self._kept.values()))
        return self._kept.get(kid)

    def _fetch(self) -> None:
        """Fetch them, unless somebody does, or did a moment ago.

        Tokens with made-up keys cost nothing, and nobody waits for the provider whose own key is
        known; whoever has none yet, waits for the one who fetches.
        """
        if not self._lock.acquire(blocking=not self._kept):
            return
        try:
            if time.monotonic() - self._tried_at < RETRY_S:
                return
            fetched = self._fetched()
        except (OSError, HTTPException, ValueError, Unreachable) as error:
            log.warning("the keys of the OpenID provider cannot be fetched: %s", error)
            self._tried_at = time.monotonic()
        else:
            self._kept = fetched
            self._fetched_at = self._tried_at = time.monotonic()
        finally:
            self._lock.release()

    def _fetched(self) -> dict[str | None, Key]:
        url = self._url or self._discovered()
        published = _get(url).get("keys")
        if not isinstance(published, list):
            raise Unreachable(f"there are no keys at {url}")
        kept: dict[str | None, Key] = {}
        for one in published:
            kind = _KINDS.get(str(one.get("kty"))) if isinstance(one, dict) else None
            if kind is None or one.get("use", "sig") != "sig":
                continue
            try:
                kept[one.get("kid")] = kind.import_key(one)
            except (JoseError, ValueError, TypeError, KeyError):
                log.warning("a key of the OpenID provider cannot be read and is left out")
        if not kept:
            raise Unreachable(f"there is no key that can be taken at {url}")
        return kept

    def _discovered(self) -> str:
        known = _get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if known.get("issuer") != self._issuer or not isinstance(known.get("jwks_uri"), str):
            raise Unreachable("the provider says that it is another one")
        return str(known["jwks_uri"])


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Keys are where they are said to be, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def _get(url: str) -> dict[str, Any]:
    """The JSON object at `url`."""
    if not is_safe(url):
        raise Unreachable(f"{url} is not fetched: it takes https")
    with _opener.open(url, timeout=_TIMEOUT_S) as response:
        content = response.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise Unreachable(f"there is more than {_LARGEST:,} bytes at {url}")
    read = json.loads(content)
    if not isinstance(read, dict):
        raise Unreachable(f"there is no object at {url}")
    return read
