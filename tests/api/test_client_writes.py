"""A client that is no person: with the scope to write it plans for the directorate of its key."""

from typing import Any

import pytest

from ibzplan.core.choices import TokenScope
from ibzplan.core.errors import NotAllowed
from ibzplan.core.models import ApiToken
from ibzplan.core.services import token_create
from objectives.indicators.models import Measurement
from objectives.planning.choices import Step
from objectives.planning.models import OperationalObjective
from objectives.planning.services import objective_move
from personnel.access import access_of
from personnel.choices import Role
from personnel.models import User
from personnel.questions import takes_part
from personnel.services import client_create, role_assign
from tests.api.writers import Writer, indicator_body, objective_body
from tests.factories import Ministry

pytestmark = pytest.mark.urls("tests.api.urlconf")

WRITE = (TokenScope.WRITE.value,)


def client(writer: Writer, **asked: Any) -> ApiToken:
    """Make an API client of ADCV, unless it says otherwise, and let the writer use its key."""
    given: dict[str, Any] = {"unit": writer.ministry.adcv, "scopes": WRITE, **asked}
    token, writer.keys["client"] = client_create(name="Loader", role=Role.API_CLIENT, **given)
    return token


def account(token: ApiToken) -> User:
    """Return the user that a request with the token acts as."""
    user = User.objects.get(pk=token.user_id)
    user.acts_with = token
    return user


def test_it_writes_drafts_and_figures_of_its_directorate(
    writer: Writer, ministry: Ministry
) -> None:
    client(writer)

    made = writer.post("operationalObjectives", objective_body(), user="client")
    assert made.status_code == 201, made.content
    objective = OperationalObjective.objects.get()
    indicator = writer.post("indicators", indicator_body(objective), user="client").json()
    rows = [{"indicator": indicator["id"], "period": f"2026-T{n}", "value": 90} for n in (1, 2)]
    batch = writer.post("measurements/batch", {"items": rows}, user="client")

    assert batch.status_code == 201, batch.content
    assert Measurement.objects.count() == 2
    path = f"operationalObjectives/{objective.uuid}"
    assert writer.patch(path, {"endsOn": "2026-11-30"}, user="client").status_code == 200
    assert writer.get(path, user="planner_dvz").status_code == 404  # it is a draft


def test_it_writes_nothing_for_another_directorate(writer: Writer, ministry: Ministry) -> None:
    client(writer, unit=ministry.dvz)
    draft = ministry.objective()
    indicator = ministry.indicator(draft)
    path = f"operationalObjectives/{draft.uuid}"

    assert writer.post("operationalObjectives", objective_body(), user="client").status_code == 403
    assert writer.get(path, user="client").status_code == 404
    ministry.approve(draft)
    assert writer.get(path, user="client").status_code == 404  # its key is narrowed to DVZ
    figure = {"indicator": indicator.code, "period": "2026-T1", "value": 90}
    assert writer.post("measurements", figure, user="client").status_code == 400
    assert not Measurement.objects.exists()


def test_it_neither_validates_nor_approves(writer: Writer, ministry: Ministry) -> None:
    user = account(client(writer))
    access = access_of(user)

    assert access.plans_for(ministry.adcv.pk)
    assert not access.heads(ministry.adcv.pk)
    assert access.roles == {Role.API_CLIENT, Role.PLANNER}
    assert not takes_part(access)  # a program neither asks nor answers
    draft = ministry.objective()
    ministry.motivate(draft)
    for step in (Step.SUBMIT, Step.PASS_ON, Step.APPROVE):
        with pytest.raises(NotAllowed):
            objective_move(actor=user, objective=draft, step=step)


def test_to_read_is_not_to_see_drafts(writer: Writer, ministry: Ministry) -> None:
    client(writer, scopes=(TokenScope.READ.value,))
    draft = ministry.objective()
    ministry.indicator(draft)
    path = f"operationalObjectives/{draft.uuid}"

    assert writer.get(path, user="client").status_code == 404
    assert writer.post("operationalObjectives", objective_body(), user="client").status_code == 403
    ministry.approve(draft)
    assert writer.get(path, user="client").status_code == 200


def test_a_person_with_that_role_gets_no_rights_from_a_key(
    writer: Writer, ministry: Ministry
) -> None:
    """Who makes a key chooses what it names: it can only narrow what they may themselves."""
    person = ministry.users["outsider"]
    role_assign(actor=None, user=person, role=Role.API_CLIENT)
    token, key = token_create(user=person, name="x", scopes=WRITE, units=[ministry.adcv.uuid])
    writer.keys["client"] = key

    assert access_of(account(token)).unit_ids == frozenset()
    assert writer.post("operationalObjectives", objective_body(), user="client").status_code == 403
