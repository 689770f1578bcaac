import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.folding import fold

ARABIC = st.text(alphabet=[chr(c) for c in range(0x600, 0x700)] + [" ", "و", "(", "ـ"])


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éléonore  ŒUVRE", "eleonore œuvre"),
        ("STRASSE Straße", "strasse strasse"),
        ("دِبْلُوماسِيّة", "دبلوماسيه"),
        ("الأمانة العامّة", "الامانه العامه"),
        ("إِلى آخر ٱلأمر", "الي اخر الامر"),
        ("مؤسسة سيئة", "موسسه سييه"),
        ("محـــمد", "محمد"),
        ("والمؤسسات", "الموسسات"),
        ("«والأعضاء»", "«الاعضاء»"),
        ("ورد وطن", "ورد وطن"),
        ("٢٠٢٦ ۱۴۰۵", "2026 1405"),
        ("  a \n\t b\u200f ", "a b"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.one_of(st.text(), ARABIC))
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
