"""Is what stands beside a plan in the plan's own order, and is the plan itself left out of it?"""

from types import SimpleNamespace

from planning.economics.config import Plant
from planning.verdict.context import _other_plants
from planning.verdict.gates import Thresholds

FIELDS = ("zeta", "alpha", "mu", "beta", "omega", "kappa", "pi")


def plant(feeds, name="M"):
    return Plant(name=name, owner="O", feeds=feeds, nameplate_t_per_year=1e5)


def beside(own, **others):
    plants = {"own": own, **others}
    situation = SimpleNamespace(plant=own, plant_id="own", thresholds=Thresholds())
    return list(_other_plants(situation, plants))


def test_shared_fields_stand_in_the_order_in_which_the_plant_is_fed():
    (test,) = beside(plant(FIELDS), other=plant(tuple(sorted(FIELDS)), "Other"))
    assert test.title.endswith(f"take from {', '.join(FIELDS)}")


def test_a_plant_does_not_stand_beside_itself_nor_one_that_shares_nothing():
    assert beside(plant(FIELDS)) == []
    assert beside(plant(FIELDS), other=plant(("elsewhere",))) == []
    (test,) = beside(plant(FIELDS), other=plant(("mu", "elsewhere")))
    assert test.name == "also_feeds_other" and test.title.endswith("take from mu")
