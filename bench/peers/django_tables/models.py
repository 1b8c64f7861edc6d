"""The tables as Django maps them."""

from django.db import models


def _to(model: str) -> models.ForeignKey:
    return models.ForeignKey(model, models.DO_NOTHING, related_name="+")


class Mapped(models.Model):
    """A model of a table that is there."""

    id = models.BigIntegerField(primary_key=True)

    class Meta:
        """Not made by Django."""

        abstract = True


def table(name: str) -> type:
    """The Meta of a table that is there."""
    return type("Meta", (), {"managed": False, "db_table": name})


class Negotiation(Mapped):
    """The talks."""

    slug = models.TextField()
    revision = models.IntegerField()
    Meta = table("negotiation")


class Party(Mapped):
    """Who can hold a position."""

    slug = models.TextField()
    name = models.TextField()
    Meta = table("party")


class Participant(Mapped):
    """A party in a negotiation."""

    negotiation = _to("Negotiation")
    party = _to("Party")
    Meta = table("participant")


class Issue(Mapped):
    """A subject."""

    slug = models.TextField()
    title = models.TextField()
    Meta = table("issue")


class Meeting(Mapped):
    """Where a position was stated."""

    slug = models.TextField()
    Meta = table("meeting")


class Source(Mapped):
    """What is cited."""

    slug = models.TextField()
    title = models.TextField()
    published_on = models.TextField(null=True)
    url = models.TextField(null=True)
    Meta = table("source")


class Addressee(models.Model):
    """Who would have to deliver a demand."""

    pk = models.CompositePrimaryKey("demand_id", "party_id")
    demand = _to("Demand")
    party = _to("Party")
    Meta = table("demand_addressee")


class Demand(Mapped):
    """What is asked for."""

    negotiation = _to("Negotiation")
    slug = models.TextField()
    title = models.TextField()
    issue = _to("Issue")
    part_of = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="+")
    deadline = models.TextField(null=True)
    scale_min = models.FloatField(null=True)
    scale_max = models.FloatField(null=True)
    scale_unit = models.TextField(null=True)
    scale_min_means = models.TextField(null=True)
    scale_max_means = models.TextField(null=True)
    addressed_to = models.ManyToManyField(Party, through=Addressee, related_name="delivers")
    Meta = table("demand")


class Position(Mapped):
    """Where a party stands on a demand from a date on."""

    negotiation = _to("Negotiation")
    party = _to("Party")
    demand = _to("Demand")
    date = models.TextField()
    until = models.TextField(null=True)
    begins_on = models.TextField()
    ends_on = models.TextField()
    stance = models.TextField()
    value = models.FloatField(null=True)
    reservation_value = models.FloatField(null=True)
    salience = models.FloatField(null=True)
    confidence = models.FloatField(null=True)
    deadline = models.TextField(null=True)
    summary = models.TextField(null=True)
    meeting = models.ForeignKey("Meeting", models.DO_NOTHING, null=True, related_name="+")
    version = models.IntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    Meta = table("position")


class Awaited(models.Model):
    """A demand that a condition waits for."""

    pk = models.CompositePrimaryKey("condition_id", "demand_id")
    condition = _to("Condition")
    demand = _to("Demand")
    Meta = table("condition_demand")


class Condition(Mapped):
    """What a position waits for."""

    position = models.ForeignKey(Position, models.DO_NOTHING, related_name="conditions")
    kind = models.TextField()
    text = models.TextField(null=True)
    ordinal = models.IntegerField()
    demands = models.ManyToManyField(Demand, through=Awaited, related_name="awaited_by")
    Meta = table("condition")


class Citation(Mapped):
    """What a position rests on."""

    position = models.ForeignKey(Position, models.DO_NOTHING, related_name="citations", null=True)
    source = _to("Source")
    quotation = models.TextField(null=True)
    quoted = models.TextField(null=True)
    locator = models.TextField(null=True)
    ordinal = models.IntegerField()
    Meta = table("citation")
