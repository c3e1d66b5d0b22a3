# Who may do what. Each function is an account of its own and gets what its code uses, no more.
locals {
  publishes = {
    enroll  = [local.dead_letters_topic]
    collect = []
    # What is due, letters still owed, and that it is time to look at the forms.
    wake = concat([local.requests_topic, local.dead_letters_topic], var.sources_file == null ? [] : [local.forms_topic])
    # What is accepted, and what a person has to look at first.
    sis_webhook = [local.requests_topic, local.dead_letters_topic]
    form_intake = [local.requests_topic, local.dead_letters_topic]
  }
  keyed = setunion(["enroll", "collect"], local.intakes) # they make pseudonyms of students

  # Whatever sources.toml names, outside of its comments.
  named_secrets = toset(flatten(regexall(
    "[\"']secret://([A-Za-z0-9_-]{1,255})[\"']",
    replace(try(file(var.sources_file), ""), "/#.*/", ""),
  )))
}

resource "google_service_account" "function" {
  for_each = local.functions

  account_id   = "enrollment-${replace(each.key, "_", "-")}"
  display_name = "The function ${each.key}"
  depends_on   = [google_project_service.this]
}

# The ledger's database and no other.
resource "google_project_iam_member" "uses_ledger" {
  for_each = local.functions

  project = var.project_id
  role    = "roles/datastore.user"
  member  = google_service_account.function[each.key].member

  condition {
    title      = "enrollment database"
    expression = "resource.name == \"projects/${var.project_id}/databases/${google_firestore_database.this.name}\""
  }
}

resource "google_pubsub_topic_iam_member" "publishes" {
  for_each = merge([
    for name in keys(local.functions) : {
      for topic in local.publishes[name] : "${name}/${topic}" => { function = name, topic = topic }
    }
  ]...)

  topic  = google_pubsub_topic.this[each.value.topic].name
  role   = "roles/pubsub.publisher"
  member = google_service_account.function[each.value.function].member
}

# Stands in the Admin console for domain-wide delegation. It has no key and no role in the project.
resource "google_service_account" "delegate" {
  account_id   = "classroom-delegate"
  display_name = "Classroom, for the administrator (domain-wide delegation without a key)"
  depends_on   = [google_project_service.this]
}

# A signed JWT with a subject acts as any user of the domain within the scopes of the delegation.
# It is the most powerful grant here: enroll alone has it, and it can sign nothing else.
resource "google_project_iam_custom_role" "sign_jwt" {
  role_id     = "enrollmentSignJwt"
  title       = "Sign a JWT as a service account"
  permissions = ["iam.serviceAccounts.signJwt"]
  depends_on  = [google_project_service.this]
}

resource "google_service_account_iam_member" "enroll_signs" {
  service_account_id = google_service_account.delegate.name
  role               = google_project_iam_custom_role.sign_jwt.id
  member             = google_service_account.function["enroll"].member
}

# Reads the declared Google Forms: those that are shared with it, or, by domain-wide delegation with
# the two scopes that only read, those of a declared owner.
resource "google_service_account" "forms_reader" {
  count = var.sources_file == null ? 0 : 1

  account_id   = "forms-reader"
  display_name = "Google Forms, reading the declared forms"
  depends_on   = [google_project_service.this]
}

resource "google_service_account_iam_member" "form_intake_reads" {
  count = var.sources_file == null ? 0 : 1

  service_account_id = google_service_account.forms_reader[0].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.function["form_intake"].member
}

# Terraform keeps the vessel; the key itself is put in by a person and stays out of the state.
resource "google_secret_manager_secret" "pseudonym_key" {
  secret_id           = "enrollment-pseudonym-key"
  deletion_protection = true # without the key, what is done cannot be told from what is new
  depends_on          = [google_project_service.this]

  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_iam_member" "reads_pseudonym_key" {
  for_each = local.keyed

  secret_id = google_secret_manager_secret.pseudonym_key.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.function[each.key].member
}

# sources.toml names secrets and holds none: it may stand in the state.
resource "google_secret_manager_secret" "sources" {
  count = var.sources_file == null ? 0 : 1

  secret_id  = "enrollment-sources"
  depends_on = [google_project_service.this]

  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_version" "sources" {
  count = var.sources_file == null ? 0 : 1

  secret      = google_secret_manager_secret.sources[0].id
  secret_data = file(var.sources_file)
}

resource "google_secret_manager_secret_iam_member" "reads_sources" {
  for_each = var.sources_file == null ? toset([]) : local.declared

  secret_id = google_secret_manager_secret.sources[0].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.function[each.key].member
}

# What the senders sign with. They are put in by a person, and read anew every five minutes.
resource "google_secret_manager_secret_iam_member" "reads_source_secrets" {
  for_each = {
    for pair in setproduct(local.intakes, var.source_secrets) : join("/", pair) => { function = pair[0], secret = pair[1] }
  }

  project   = var.project_id
  secret_id = each.value.secret
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.function[each.value.function].member
}
