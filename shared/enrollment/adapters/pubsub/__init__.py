"""Topics in Pub/Sub, and a look at what is subscribed to them."""

from enrollment.adapters.pubsub.inspection import PubsubInspection, open_inspection
from enrollment.adapters.pubsub.topic import PubsubTopic, open_publisher

__all__ = [
    "PubsubInspection",
    "PubsubTopic",
    "open_inspection",
    "open_publisher",
]
