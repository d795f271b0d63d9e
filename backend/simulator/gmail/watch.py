"""users.watch and users.stop: one subscription a mailbox, for seven days."""

from datetime import timedelta

from backend.simulator.clock import epoch_ms
from backend.simulator.gmail.call import Json
from backend.simulator.gmail.context import Context
from backend.simulator.gmail.errors import ApiError, bad_request

WATCH_LIFE = timedelta(days=7)


def watch(context: Context) -> Json:
    """Subscribe or renew; a first notification goes out at once."""
    topic = _checked_topic(context)
    behaviour = str(context.body.get("labelFilterBehavior", ""))
    expires_at = epoch_ms(context.world.clock.now() + WATCH_LIFE)
    labels = " ".join(context.strings("labelIds"))
    context.db.execute(
        "INSERT INTO watch VALUES (?,?,?,?,?) ON CONFLICT (mailbox) DO UPDATE"
        " SET topic = excluded.topic, expires_at = excluded.expires_at,"
        " labels = excluded.labels, behaviour = excluded.behaviour",
        (context.mailbox, topic, expires_at, labels, behaviour),
    )
    context.world.store.touch(context.mailbox)
    row = context.db.execute(
        "SELECT history FROM person WHERE email = ?", (context.mailbox,)
    ).fetchone()
    return {"historyId": str(int(row["history"])), "expiration": str(expires_at)}


def stop(context: Context) -> None:
    context.db.execute("DELETE FROM watch WHERE mailbox = ?", (context.mailbox,))


def _checked_topic(context: Context) -> str:
    """The configured topic, or what Google says to any other."""
    known = context.world.config.push_topic
    project = known.split("/topics/")[0]
    topic = context.body.get("topicName")
    if not isinstance(topic, str) or not topic:
        raise bad_request("Missing required field: topicName")
    if not topic.startswith(f"{project}/topics/"):
        raise bad_request(f"Invalid topicName does not match {project}/topics/*")
    if topic != known:
        message = (
            "Error sending test message to Cloud PubSub"
            f" {topic} : Resource not found (resource={topic.rpartition('/')[2]})."
        )
        raise ApiError(404, message, "notFound")
    return topic
