# The functions, from the archives of infra/package.
locals {
  # What takes deliveries from outside needs sources that are declared.
  functions = {
    for name, each in local.topology.functions : name => each
    if !try(each.public, false) || var.sources_file != null
  }
  intakes  = toset([for name, each in local.functions : name if try(each.public, false)])
  declared = setunion(["enroll"], local.intakes) # they read sources.toml

  # Empty where there is no archive: the precondition below says so better than filesha256 would.
  archives = {
    for name in keys(local.functions) : name => {
      path   = "${var.archives}/${name}.zip"
      sha256 = fileexists("${var.archives}/${name}.zip") ? filesha256("${var.archives}/${name}.zip") : ""
    }
  }
  uris = { for name, each in google_cloudfunctions2_function.this : name => each.service_config[0].uri }

  environment = {
    GOOGLE_CLOUD_PROJECT          = var.project_id
    FIRESTORE_DATABASE            = google_firestore_database.this.name
    ENROLLMENT_STORE              = "firestore"
    ENROLLMENT_REQUESTS_TOPIC     = google_pubsub_topic.this[local.requests_topic].name
    ENROLLMENT_DEAD_LETTERS_TOPIC = google_pubsub_topic.this[local.dead_letters_topic].name
  }
  # Not for the intakes: who can be reached from outside knows nothing of Classroom.
  quota_environment = {
    CLASSROOM_QUOTA_PER_MINUTE = tostring(var.classroom_quota_per_minute)
    CLASSROOM_QUOTA_RESERVE    = tostring(var.classroom_quota_reserve)
    ENROLL_INSTANCES           = tostring(var.enroll_instances)
  }
  told_to_operator = [
    "GOOGLE_CLOUD_PROJECT",
    "FIRESTORE_DATABASE",
    "ENROLLMENT_STORE",
    "ENROLLMENT_REQUESTS_TOPIC",
    "ENROLLMENT_DEAD_LETTERS_TOPIC",
    "CLASSROOM_QUOTA_PER_MINUTE",
    "CLASSROOM_QUOTA_RESERVE",
    "ENROLL_INSTANCES",
  ]
  own_environment = {
    enroll = {
      CLASSROOM_ADMIN    = var.classroom_admin
      CLASSROOM_DELEGATE = google_service_account.delegate.email
    }
    collect     = {}
    wake        = local.forms_environment # it asks each hour that every form be looked at
    sis_webhook = {}
    form_intake = merge(local.forms_environment, {
      FORMS_READER              = one(google_service_account.forms_reader[*].email)
      FORM_NOTIFICATIONS_CALLER = google_service_account.push.email
    })
  }
  forms_environment   = var.sources_file == null ? {} : { FORM_NOTIFICATIONS_TOPIC = google_pubsub_topic.this[local.forms_topic].name }
  sources_environment = var.sources_file == null ? {} : { SOURCES_FILE = "/etc/enrollment/sources.toml" }
}

resource "google_storage_bucket" "sources" {
  name                        = "${var.project_id}-enrollment-sources"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  depends_on                  = [google_project_service.this]
}

# The hash in the name is what makes a function deploy anew, and only then.
resource "google_storage_bucket_object" "source" {
  for_each = local.archives

  bucket = google_storage_bucket.sources.name
  name   = "${each.key}-${each.value.sha256}.zip"
  source = each.value.path

  lifecycle {
    precondition {
      condition     = each.value.sha256 != ""
      error_message = "There is no ${each.value.path}: run infra/package first."
    }
  }
}

resource "google_service_account" "build" {
  account_id   = "enrollment-build"
  display_name = "Cloud Build, for the functions"
  depends_on   = [google_project_service.this]
}

resource "google_project_iam_member" "builds" {
  for_each = toset(["roles/artifactregistry.writer", "roles/logging.logWriter", "roles/storage.objectViewer"])

  project = var.project_id
  role    = each.key
  member  = google_service_account.build.member
}

resource "google_cloudfunctions2_function" "this" {
  for_each = local.functions

  name     = replace(each.key, "_", "-") # Cloud Run takes no underscore
  location = var.region

  build_config {
    runtime         = "python313"
    entry_point     = each.key
    service_account = google_service_account.build.id

    source {
      storage_source {
        bucket = google_storage_bucket.sources.name
        object = google_storage_bucket_object.source[each.key].name
      }
    }
  }

  service_config {
    # Pub/Sub and Cloud Scheduler of the same project count as internal.
    ingress_settings                 = contains(local.intakes, each.key) ? "ALLOW_ALL" : "ALLOW_INTERNAL_ONLY"
    service_account_email            = google_service_account.function[each.key].email
    timeout_seconds                  = each.value.timeout_s
    available_cpu                    = each.value.cpu
    available_memory                 = "${each.value.memory_mib}Mi"
    min_instance_count               = 0
    max_instance_count               = try(each.value.max_instances, var.enroll_instances)
    max_instance_request_concurrency = each.value.concurrency

    environment_variables = merge(
      local.environment,
      contains(local.intakes, each.key) ? {} : local.quota_environment,
      local.own_environment[each.key],
      contains(local.declared, each.key) ? local.sources_environment : {},
      # Four a CPU otherwise, and the rest of the requests that Cloud Run lets in would wait inside.
      { THREADS = tostring(each.value.concurrency) },
    )

    dynamic "secret_environment_variables" {
      for_each = contains(local.keyed, each.key) ? [google_secret_manager_secret.pseudonym_key.secret_id] : []

      content {
        key        = "PSEUDONYM_KEY"
        project_id = var.project_id
        secret     = secret_environment_variables.value
        version    = var.pseudonym_key_version
      }
    }

    dynamic "secret_volumes" {
      for_each = contains(local.declared, each.key) ? google_secret_manager_secret_version.sources : []

      content {
        mount_path = "/etc/enrollment"
        project_id = var.project_id
        secret     = google_secret_manager_secret.sources[0].secret_id

        versions {
          path    = "sources.toml"
          version = secret_volumes.value.version
        }
      }
    }
  }

  depends_on = [
    google_project_iam_member.builds,
    google_secret_manager_secret_iam_member.reads_pseudonym_key,
    google_secret_manager_secret_iam_member.reads_sources,
  ]

  lifecycle {
    precondition {
      condition     = each.value.concurrency == 1 || tonumber(each.value.cpu) >= 1
      error_message = "${each.key}: more than one request at a time needs a whole CPU."
    }
    precondition {
      condition     = local.topology.time.delivery_s < each.value.timeout_s && each.value.timeout_s < local.topology.time.lease_s
      error_message = "${each.key}: its timeout must lie between a delivery's time (${local.topology.time.delivery_s} s) and a lease (${local.topology.time.lease_s} s)."
    }
  }
}

# On the Cloud Run service: the function's own resource refuses roles/run.invoker.
resource "google_cloud_run_v2_service_iam_member" "invoker" {
  for_each = merge(
    { for s in local.subscriptions : s.push_to => google_service_account.push.member if can(s.push_to) },
    { for s in local.topology.schedules : s.function => google_service_account.scheduler.member },
    { for name in local.intakes : name => "allUsers" }, # each delivery proves itself to the function
  )

  name     = google_cloudfunctions2_function.this[each.key].name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value

  lifecycle {
    replace_triggered_by = [google_cloudfunctions2_function.this[each.key].id] # its grants go with it
  }
}
