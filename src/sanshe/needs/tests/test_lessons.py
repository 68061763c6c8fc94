"""What may be learned from people's decisions, and how much of it."""

import pytest

from sanshe.engine.classify import CORRECTION_WEIGHT, NONE, Row, Verdict
from sanshe.needs.selectors.learning import Taught
from sanshe.needs.services.lessons import ORGANIZATION_SHARE, lessons_of


class Shipped:
    """Hears danger wherever somebody hits."""

    rows = (Row("他身上青一块紫一块", "CHD08", True), *(Row("路灯坏了", "ENV03", False),) * 149)

    def classify(self, texts):
        return [Verdict(None, 0.0, (), "打" in text, ()) for text in texts]


def learned(*taught):
    return lessons_of(taught, Shipped())


def test_a_decision_is_learned_as_it_was_taken():
    assert learned(Taught("路灯坏了", "ENV03", False, 1)) == [Row("路灯坏了", "ENV03", False, 1.0)]
    assert learned(Taught("谢谢", None, False, 1)) == [Row("谢谢", NONE, False, 1.0)]


@pytest.mark.parametrize(
    ("text", "said", "taught"),
    [
        ("他喝了酒打人", False, None),
        ("他喝了酒打人", True, True),
        ("他不让我出门", True, True),
        ("路灯坏了", False, False),
        # The very words the model was taught: that they tell of harm is not forgotten either.
        ("他身上青一块紫一块", False, True),
    ],
)
def test_danger_may_be_learned_and_is_never_unlearned(text, said, taught):
    assert learned(Taught(text, "CHD08", said, 1))[0].safety is taught


def test_one_organisation_weighs_at_most_its_share():
    most = ORGANIZATION_SHARE * len(Shipped.rows)
    many = [Taught(f"食堂太远{at}", "ELD03", False, 1) for at in range(200)]
    few = [Taught(f"路灯坏了{at}", "ENV03", False, 2) for at in range(3)]
    rows = learned(*many, *few)
    loud = sum(row.weight for row in rows if row.label == "ELD03") * CORRECTION_WEIGHT
    assert loud == pytest.approx(most)
    assert [row.weight for row in rows if row.label == "ENV03"] == [1.0] * 3
