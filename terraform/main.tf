# The topology is one for the local stack and for Google: what is tested is what is deployed.
locals {
  topology = jsondecode(file("${path.module}/../infra/topology.json"))

  # By what they are for, so that their names stand in the topology alone.
  requests_topic     = one([for s in local.topology.subscriptions : s.topic if try(s.push_to, null) == "enroll"])
  forms_topic        = one([for s in local.topology.subscriptions : s.topic if try(s.push_to, null) == "form_intake"])
  dead_letters_topic = one([for s in local.topology.subscriptions : s.topic if try(s.push_to, null) == "collect"])
}

data "google_project" "this" {
  depends_on = [google_project_service.this]
}

resource "google_project_service" "this" {
  for_each = toset(concat(var.sources_file == null ? [] : ["forms.googleapis.com"], [
    "artifactregistry.googleapis.com",
    "classroom.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudresourcemanager.googleapis.com", # the roles in the project
    "cloudscheduler.googleapis.com",
    "firestore.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com", # signJwt, the delegation without a key
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
  ]))

  project            = var.project_id
  service            = each.key
  disable_on_destroy = false # others in the project may use it
}
