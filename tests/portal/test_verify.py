import json

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from majlis_verify.files import parse
from records.models import StoredFile
from tests.test_majlis_verify import PRIVATE, WHOLE

pytestmark = pytest.mark.django_db


def asked(client: Client, content: bytes, language: str = "en") -> tuple[int, str]:
    cache.clear()
    file = SimpleUploadedFile("transcript.json", content)
    answer = client.post(f"/{language}/verify/", {"file": file})
    return answer.status_code, answer.text


def test_a_stranger_verifies_and_nothing_is_kept(client: Client, settings: object) -> None:
    settings.SIGNING_KEY = PRIVATE.private_bytes_raw().hex()  # type: ignore[attr-defined]
    code, page = asked(client, json.dumps(WHOLE).encode())
    assert code == 200
    assert "Whole and true" in page
    assert not StoredFile.objects.exists()


def test_a_changed_file_is_named_in_the_readers_language(client: Client) -> None:
    document = parse(json.dumps(WHOLE))
    document["records"][1]["text"] = "secret words"
    code, page = asked(client, json.dumps(document).encode(), "ar")
    assert code == 200
    assert "نص القيد 2 غير النص المقيّد." in page
    assert "secret words" not in page


def test_another_networks_file_is_whole_and_unknown(client: Client) -> None:
    _, page = asked(client, json.dumps(WHOLE).encode(), "fr")
    assert "Complète, mais signée par une clé inconnue ici" in page


def test_no_file_and_no_transcript_are_said(client: Client) -> None:
    assert client.post("/en/verify/").status_code == 422
    assert "No transcript could be read" in asked(client, b"hello")[1]


@pytest.mark.usefixtures("one_moment")
def test_many_files_from_one_address_are_slowed_down(client: Client) -> None:
    cache.clear()
    codes = [
        client.post("/en/verify/", {"file": SimpleUploadedFile("a", b"hello")}).status_code
        for _ in range(12)
    ]
    assert codes == [200] * 10 + [429] * 2
    cache.clear()


@pytest.mark.usefixtures("one_moment")
def test_many_addresses_of_one_network_are_slowed_down_as_one(client: Client) -> None:
    def code(address: str) -> int:
        file = SimpleUploadedFile("a", b"hello")
        return client.post("/en/verify/", {"file": file}, REMOTE_ADDR=address).status_code

    cache.clear()
    codes = [code(f"2001:db8:1:2::{number:x}") for number in range(1, 12)]
    assert codes == [200] * 10 + [429]
    assert code("2001:db8:1:3::1") == 200
    cache.clear()
