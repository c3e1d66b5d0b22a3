# Topics and subscriptions, as infra/topology.json has them.
locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  # What is pushed to a function that is not there is not wanted.
  subscriptions = {
    for name, each in local.topology.subscriptions : name => each
    if !can(each.push_to) || contains(keys(local.functions), try(each.push_to, ""))
  }
  unwanted  = setsubtract([for s in local.topology.subscriptions : s.topic], [for s in local.subscriptions : s.topic])
  giving_up = { for name, each in local.subscriptions : name => each.dead_letter if can(each.dead_letter) }
}

resource "google_pubsub_topic" "this" {
  for_each = { for name, each in local.topology.topics : name => each if !contains(local.unwanted, name) }

  name                       = each.key
  message_retention_duration = "${each.value.retention_s}s" # a new subscription can read it again
  depends_on                 = [google_project_service.this]

  lifecycle {
    precondition {
      condition     = contains([for s in local.topology.subscriptions : s.topic], each.key)
      error_message = "The topic ${each.key} has no subscription: Pub/Sub would drop whatever is sent there."
    }
  }
}

resource "google_pubsub_subscription" "this" {
  for_each = local.subscriptions

  name                       = each.key
  topic                      = google_pubsub_topic.this[each.value.topic].id
  ack_deadline_seconds       = each.value.ack_deadline_s
  message_retention_duration = "${each.value.retention_s}s"

  expiration_policy {
    ttl = "" # never: summer holidays are longer than the 31 days after which an idle one is removed
  }

  dynamic "push_config" {
    for_each = try([each.value.push_to], [])

    content {
      push_endpoint = local.uris[push_config.value]

      oidc_token {
        service_account_email = google_service_account.push.email
        audience              = try(each.value.audience, local.uris[push_config.value])
      }
    }
  }

  dynamic "dead_letter_policy" {
    for_each = try([each.value.dead_letter], [])

    content {
      dead_letter_topic     = google_pubsub_topic.this[dead_letter_policy.value.topic].id
      max_delivery_attempts = dead_letter_policy.value.max_delivery_attempts
    }
  }

  dynamic "retry_policy" {
    for_each = try([each.value.retry], [])

    content {
      minimum_backoff = "${retry_policy.value.minimum_s}s"
      maximum_backoff = "${retry_policy.value.maximum_s}s"
    }
  }

  # The first push may follow at once; before these, it would be refused or could not be given up.
  depends_on = [
    google_cloud_run_v2_service_iam_member.invoker,
    google_pubsub_topic_iam_member.agent_publishes_dead_letters,
    google_service_account_iam_member.agent_mints_push_token,
  ]

  lifecycle {
    precondition {
      condition     = !can(each.value.push_to) || each.value.ack_deadline_s > local.topology.time.lease_s
      error_message = "The ack deadline of ${each.key} must be longer than a lease (${local.topology.time.lease_s} s), or a message comes again while its first worker may still write."
    }
  }
}

# Pub/Sub itself gives a message up: it publishes the copy and acknowledges the original.
resource "google_pubsub_topic_iam_member" "agent_publishes_dead_letters" {
  for_each = toset([for each in local.giving_up : each.topic])

  topic  = google_pubsub_topic.this[each.key].name
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "agent_acknowledges" {
  for_each = local.giving_up

  subscription = google_pubsub_subscription.this[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent

  lifecycle {
    replace_triggered_by = [google_pubsub_subscription.this[each.key].id] # its grants go with it
  }
}

# Every push carries a token of this account, and nobody else may call what is pushed to.
resource "google_service_account" "push" {
  account_id   = "enrollment-push"
  display_name = "Pub/Sub, when it pushes"
  depends_on   = [google_project_service.this]
}

resource "google_service_account_iam_member" "agent_mints_push_token" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
  depends_on         = [google_pubsub_topic.this] # by then Pub/Sub has made its agent
}

# Google Forms says here that a form was answered: no more than that, and not to anybody else.
resource "google_pubsub_topic_iam_member" "forms_notify" {
  count = var.sources_file == null ? 0 : 1

  topic  = google_pubsub_topic.this[local.forms_topic].name
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:forms-notifications@system.gserviceaccount.com"
}
