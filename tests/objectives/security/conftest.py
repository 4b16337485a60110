"""Both plans, for the tests of this folder."""

from tests.plan_fixtures import loaded_plans, page_queries, reader

__all__ = ["loaded_plans", "page_queries", "reader"]
