"""Every kind of picture: of talks, and of nothing."""

from collections.abc import Callable

from negotiations_api.compare.agreement import Agreement
from negotiations_api.compare.convergence import Convergence
from negotiations_api.compare.matrix import Matrix
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.period import Period
from negotiations_api.compare.roadmap import Roadmap
from negotiations_api.compare.timeline import Timeline
from negotiations_api.render.svg.agreement import agreement_svg
from negotiations_api.render.svg.convergence import convergence_svg
from negotiations_api.render.svg.matrix import matrix_svg
from negotiations_api.render.svg.roadmap import roadmap_svg
from negotiations_api.render.svg.timeline import timeline_svg
from tests.render.svg.answers import NOBODY, ON, Talks, agreement, convergence, matrix, timeline
from tests.render.svg.roadmaps import roadmap

NEVER = Period("2019", "2019-01-01", "2019-12-31")

PICTURES: dict[str, Callable[[Talks], str]] = {
    "matrix": lambda of: matrix_svg(matrix(of)),
    "agreement": lambda of: agreement_svg(agreement(of)),
    "convergence": lambda of: convergence_svg(convergence(of)),
    "timeline": lambda of: timeline_svg(timeline(of)),
    "roadmap": lambda of: roadmap_svg(roadmap(of)),
}
"""The pictures of talks, by what they are called."""

OF_NOTHING: dict[str, Callable[[], str]] = {
    "matrix": lambda: matrix_svg(Matrix(ON, (), (), 0)),
    "agreement": lambda: agreement_svg(
        Agreement(ON, None, Measure.S, Weights.EQUAL, (), (), (), NOBODY)
    ),
    "convergence": lambda: convergence_svg(
        Convergence(Measure.S, Weights.EQUAL, NEVER, (), (), (), ())
    ),
    "timeline": lambda: timeline_svg(Timeline(NEVER, ())),
    "roadmap": lambda: roadmap_svg(Roadmap(ON, (), (), (), (), (), (), ())),
}
"""The pictures of answers with nothing in them."""
