"""Topics in Pub/Sub."""

from enrollment.adapters.pubsub.topic import PubsubTopic, open_publisher

__all__ = ["PubsubTopic", "open_publisher"]
